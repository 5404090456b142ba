import * as Plot from '@observablehq/plot';
import type { TransitionPoint } from '../slices.js';
import { formatEnds, formatInterval, formatNumber, formatPlace, formatWithin } from '../format.js';
import { transitionsOf, type Transition } from '../transitions.js';
import type { TransitionSlice } from '../thresholds.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { legend, styleAt } from './series-style.js';

interface Mark {
  readonly point: TransitionPoint;
  readonly value: number;
  readonly transition: Transition;
  readonly collapsed: boolean | null;
}

/** More curves than this nobody tells apart; those that vanish first are drawn. */
const MOST_CURVES = 12;

/** Order parameters of a slice against its axis, with the intervals found and what theory says. */
export function curvesFigure({ grid, name, along, points, thresholds }: TransitionSlice): Figure {
  const reference = points.reduce((a, b) => (b.clusters.length > a.clusters.length ? b : a));
  const all = transitionsOf(reference.clusters);
  const transitions = all.slice(0, MOST_CURVES);
  const series = transitions.map((transition, i) => ({
    transition,
    style: styleAt(i),
    marks: marksOf(points, transition),
  }));
  const largest = Math.max(
    ...series.flatMap(({ marks }) => marks.map(({ value }) => value)),
    1e-12,
  );
  const names = new Set(transitions.map(({ name: drawn }) => drawn));
  const shown = thresholds.filter(({ transition }) => names.has(transition));
  const found = shown.filter(({ refusal }) => refusal === null);
  const colorOf = (transition: string): string =>
    series.find((each) => each.transition.name === transition)?.style.color ?? 'currentColor';
  const svg = draw(`Order parameters of ${grid}, ${name}, against ${along}`, {
    height: 300,
    marginLeft: 52,
    marginBottom: 42,
    marginTop: 30,
    x: { label: along, nice: true, ticks: 6 },
    y: { label: 'singular value', grid: true, domain: [0, largest * 1.05], ticks: 6 },
    marks: [
      Plot.ruleY([0]),
      found.map(({ transition, lower, upper, interval }) =>
        Plot.rectX([{}], {
          x1: lower ?? interval![0],
          x2: upper ?? interval![1],
          y1: 0,
          y2: largest * 1.05,
          fill: colorOf(transition),
          fillOpacity: 0.18,
          stroke: colorOf(transition),
          strokeOpacity: 0.4,
          strokeWidth: 0.5,
        }),
      ),
      found.map(({ transition, theory }) =>
        theory === null
          ? null
          : Plot.ruleX([theory], {
              stroke: colorOf(transition),
              strokeDasharray: '3 3',
              strokeWidth: 1.5,
            }),
      ),
      series.flatMap(({ marks, style }) => [
        Plot.lineY(marks, {
          x: ({ point }: Mark) => point.x,
          y: 'value',
          stroke: style.color,
          strokeDasharray: style.dash,
        }),
        Plot.dot(marks, {
          x: ({ point }: Mark) => point.x,
          y: 'value',
          symbol: style.symbol,
          stroke: style.color,
          fill: ({ collapsed }: Mark) => (collapsed === true ? style.color : 'none'),
          r: 3.5,
          title: (mark: Mark) => describe(mark, along),
        }),
      ]),
    ],
  });
  return {
    title: formatPlace(grid, name),
    caption: captionOf(found, shown.length - found.length, all.length - transitions.length),
    legend: legend(series.map(({ transition, style }) => [transition.name, style])),
    svg,
    header: [
      along,
      'transition',
      'order_parameter',
      'collapsed',
      'seed',
      'relative_gap',
      'point_key',
    ],
    rows: series.flatMap(({ marks }) =>
      marks.map(({ point, value, transition, collapsed }) => [
        point.x,
        transition.name,
        value,
        collapsed,
        point.coordinates.seed as number | undefined,
        point.relativeGap,
        point.key,
      ]),
    ),
  };
}

function marksOf(points: readonly TransitionPoint[], transition: Transition): Mark[] {
  return points.flatMap((point) => {
    const value = transition.orderParameter(point);
    const collapsed = transition.collapsed(point);
    return value === null ? [] : [{ point, value, transition, collapsed }];
  });
}

function describe({ point, value, transition, collapsed }: Mark, along: string): string {
  const phase = collapsed === null ? 'undecided' : collapsed ? 'collapsed' : 'not collapsed';
  return [
    `${along} ${formatNumber(point.x)}`,
    `${transition.name}: ${phase}`,
    `singular value ${formatNumber(value)}`,
    `relative gap ${formatNumber(point.relativeGap)}`,
    `point ${point.key}`,
  ].join('\n');
}

function captionOf(found: TransitionSlice['thresholds'], refused: number, hidden: number): string {
  const sentences = found.map(({ transition, estimate, interval, lower, upper, theory }) => {
    const width = interval![1] - interval![0];
    const beside = theory === null ? '' : `; theory ${formatWithin(theory, width)}`;
    const where =
      lower === null
        ? `seen in ${formatInterval(interval)}`
        : `certified in ${formatEnds(lower, upper)}`;
    return `${transition} at ${formatWithin(estimate, width)}, ${where}${beside}.`;
  });
  const rest = refused === 0 ? '' : ` ${refused} more could not be placed.`;
  const more = hidden === 0 ? '' : ` ${hidden} larger singular values are not drawn.`;
  return `Each curve reaches zero at its transition (band: where it lies; dashes: theory; filled marks: certified collapsed). ${sentences.join(' ')}${rest}${more}`;
}
