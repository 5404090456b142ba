import * as Plot from '@observablehq/plot';
import { formatInterval, formatNumber, formatPlace, formatWithin } from '../format.js';
import type { LimitSeries } from '../large-samples.js';
import { everyNth } from '../thin-out.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { linearScale, logTicks, shortNumber } from './scale.js';
import { styleAt, type SeriesStyle } from './series-style.js';

const MATRICES = ['w', 'h', 'z'] as const;

/** Of more samples of a series every n-th has a mark. */
const MOST_MARKS = 120;
/** Points of a fitted curve that is drawn. */
const CURVE_STEPS = 80;

/** Large-sample figures of one slice: the cosines of W, of H and of Z, and the distances from the ETF. */
export function limitFigures(series: readonly LimitSeries[]): Figure[] {
  const cosines = MATRICES.map((letter) =>
    series.filter(({ limit }) => limit.quantity.startsWith(`cos_${letter}_`)),
  ).filter((panel) => panel.length > 0);
  const distances = series.filter(({ limit }) => limit.quantity.startsWith('etf_distance'));
  return [
    ...cosines.map((panel) =>
      limitFigure(panel, `cosines of ${matrixOf(panel[0]!)}`, 'cosine + 1/(K-1)'),
    ),
    ...(distances.length === 0
      ? []
      : [limitFigure(distances, 'distance from the ETF', 'distance')]),
  ];
}

interface Drawn {
  readonly n: number;
  readonly value: number;
}

function limitFigure(panel: readonly LimitSeries[], what: string, label: string): Figure {
  const { grid, slice, along } = panel[0]!.limit;
  const [first, last] = panel
    .flatMap((each) => each.samples)
    .reduce(([low, high], n) => [Math.min(low, n), Math.max(high, n)], [Infinity, 0]);
  const longest = panel.reduce((most, each) => Math.max(most, each.samples.length), 0);
  const thinned = longest > MOST_MARKS ? ' Not every point has a mark.' : '';
  // The limits stand to the right of the data, where the axis says infinity.
  const infinity = last * Math.max(2, (last / first) ** 0.18);
  const drawn = panel.map((each, i) => ({
    ...each,
    style: styleAt(i),
    place: infinity * (last / first) ** (0.03 * i),
  }));
  const drawing = draw(`${what} of ${grid}, ${slice}, against ${along}`, {
    height: 280,
    marginLeft: 58,
    marginBottom: 42,
    marginTop: 30,
    marginRight: 24,
    x: {
      type: 'log',
      label: along,
      domain: [first / 1.05, infinity * (last / first) ** 0.1],
      ticks: logTicks(first, last),
      tickFormat: shortNumber,
    },
    y: { label, grid: true, inset: 6, ...linearScale(farthestOf(panel), 6) },
    marks: [
      Plot.ruleY([0], { strokeDasharray: '3 3' }),
      Plot.ruleX([Math.sqrt(last * infinity)], { strokeOpacity: 0.3 }),
      // A logarithmic axis labels round numbers only.
      Plot.text([infinity], {
        x: (n: number) => n,
        frameAnchor: 'bottom',
        dy: 18,
        text: () => '∞',
      }),
      drawn.flatMap((each) => seriesMarks(each, first, last)),
    ],
  });
  return {
    title: `${formatPlace(grid, slice)}: ${what}`,
    caption: `${panel.map(captionOf).join(' ')}${thinned}`,
    legend: drawn.map(({ limit, style }) => [nameOf(limit.quantity), style]),
    drawing,
    header: ['quantity', along, 'value', 'etf', 'fitted'],
    rows: panel.flatMap((each) =>
      marksOf(each).map(({ n, value }) => [
        each.limit.quantity,
        n,
        value,
        each.limit.etf,
        each.fit?.predict(n),
      ]),
    ),
  };
}

function seriesMarks(
  { style, place, ...series }: LimitSeries & { style: SeriesStyle; place: number },
  first: number,
  last: number,
): Plot.Markish[] {
  const { limit, fit } = series;
  const offset = (value: number): number => value - limit.etf;
  const points = marksOf(series).map(({ n, value }): Drawn => ({ n, value: offset(value) }));
  const color = { stroke: style.color };
  const marks: Plot.Markish[] = [
    Plot.dot(points, {
      x: 'n',
      y: 'value',
      symbol: style.symbol,
      fill: style.color,
      ...color,
      r: 3.5,
      title: ({ n, value }: Drawn) =>
        `${limit.quantity}\n${limit.along} ${formatNumber(n)}\nvalue ${formatNumber(value + limit.etf)}\ndistance from the ETF ${formatNumber(value)}`,
    }),
  ];
  if (fit === null || limit.interval === null) return marks;
  const curve = Array.from({ length: CURVE_STEPS + 1 }, (_, i): Drawn => {
    const n = first * (last / first) ** (i / CURVE_STEPS);
    return { n, value: offset(fit.predict(n)) };
  });
  const [low, high] = limit.interval;
  marks.push(
    Plot.lineY(curve, { x: 'n', y: 'value', ...color, strokeDasharray: style.dash }),
    Plot.ruleX([place], { y1: offset(low), y2: offset(high), ...color, strokeWidth: 2 }),
    Plot.dot([{ n: place, value: offset(fit.limit) }], {
      x: 'n',
      y: 'value',
      symbol: style.symbol,
      fill: 'none',
      ...color,
      r: 4,
      title: () =>
        `${limit.quantity}: limit ${formatNumber(fit.limit)} in ${formatInterval(limit.interval)}`,
    }),
  );
  return marks;
}

/** How far the farthest value, or end of an interval, is from the ETF. */
function farthestOf(panel: readonly LimitSeries[]): number {
  return panel.reduce(
    (most, { limit, values }) =>
      [...values, ...(limit.interval ?? [])].reduce(
        (far, value) => Math.max(far, Math.abs(value - limit.etf)),
        most,
      ),
    0,
  );
}

/** The samples that have a mark. */
function marksOf({ samples, values }: LimitSeries): Drawn[] {
  return everyNth(
    samples.map((n, i) => ({ n, value: values[i]! })),
    MOST_MARKS,
  );
}

function captionOf({ limit }: LimitSeries): string {
  const { quantity, law, exponent, limit: value, interval, consistentWithEtf } = limit;
  if (law === null || interval === null) return `${nameOf(quantity)}: ${limit.refusal ?? ''}.`;
  const words = exponent === null ? law : `power n^-${formatNumber(exponent)}`;
  const verdict = consistentWithEtf === true ? 'may be the ETF' : 'not the ETF';
  const width = interval[1] - interval[0];
  return `${nameOf(quantity)}: ${words}, limit ${formatWithin(value, width)} (${formatInterval(interval)}), ${verdict}.`;
}

function matrixOf({ limit }: LimitSeries): string {
  return limit.quantity.split('_')[1]!.toUpperCase();
}

/** `cos_w_majority` as `majority`, `etf_distance_w` as `W`. */
function nameOf(quantity: string): string {
  const parts = quantity.split('_');
  const last = parts.at(-1)!;
  return parts[0] === 'cos'
    ? { majority: 'within majority', across: 'across', minority: 'within minority' }[last]!
    : last.toUpperCase();
}
