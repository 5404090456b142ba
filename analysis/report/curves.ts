import * as Plot from '@observablehq/plot';
import type { TransitionPoint } from '../slices.js';
import { formatEnds, formatInterval, formatNumber, formatPlace, formatWithin } from '../format.js';
import type { Transition } from '../transitions.js';
import { thinOut } from '../thin-out.js';
import type { Threshold, TransitionSlice } from '../thresholds.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { scaleOf } from './scale.js';
import { INK, type LegendEntry, type SeriesStyle } from './series-style.js';
import { vanishingAxis, vanishingCurves } from './vanishing-curves.js';

interface Mark {
  readonly point: TransitionPoint;
  readonly value: number;
  readonly transition: Transition;
  readonly collapsed: boolean | null;
}

interface Series {
  readonly transition: Transition;
  readonly style: SeriesStyle;
  readonly marks: readonly Mark[];
}

/** More curves than this nobody tells apart; those that vanish first are drawn. */
const MOST_CURVES = 12;
/** Of more transitions the bands have lanes, of this share of the height. */
const MOST_BANDS = 4;
const LANE = 0.045;
/** More marks than this on one curve are small. */
const MANY_MARKS = 150;
/** Of more marks every n-th is drawn, and those between which a transition lies. */
const MOST_MARKS = 600;

/** Order parameters of a slice against its axis, with the intervals found and what theory says. */
export function curvesFigure({
  grid,
  name,
  along,
  points: all,
  thresholds,
}: TransitionSlice): Figure {
  const vanishing = vanishingCurves(all);
  const curves = vanishing.slice(0, MOST_CURVES);
  const step = Math.ceil((all.length * curves.length) / MOST_MARKS);
  const points = thinOut(all, thresholds, step);
  const series = curves.map((curve) => ({ ...curve, marks: marksOf(points, curve.transition) }));
  const largest = Math.max(
    ...series.flatMap(({ marks }) => marks.map(({ value }) => value)),
    1e-12,
  );
  const names = new Set<string>(curves.map(({ transition }) => transition.name));
  const shown = thresholds.filter(({ transition }) => names.has(transition));
  const found = shown.filter(({ refusal }) => refusal === null);
  const colorOf = (transition: string): string =>
    series.find((each) => each.transition.name === transition)?.style.color ?? 'currentColor';
  const drawing = draw(`Order parameters of ${grid}, ${name}, against ${along}`, {
    height: 270,
    marginLeft: 46,
    marginRight: 24,
    marginBottom: 42,
    marginTop: 30,
    x: { label: along, inset: 6, ...scaleOf(points.map(({ x }) => x)) },
    y: vanishingAxis(largest),
    marks: [
      Plot.ruleY([0]),
      found.map((threshold, i) => {
        const { transition, lower, upper, interval } = threshold;
        // A few bands lie behind the curves; many would cover each other, and have a lane each.
        const [y1, y2] =
          found.length <= MOST_BANDS ? [0, 1.05] : [1.04 - LANE * (i + 0.8), 1.04 - LANE * i];
        return Plot.rect([{}], {
          x1: lower ?? interval![0],
          x2: upper ?? interval![1],
          y1: largest * y1,
          y2: largest * y2,
          fill: colorOf(transition),
          fillOpacity: found.length <= MOST_BANDS ? 0.18 : 0.5,
          stroke: colorOf(transition),
          strokeOpacity: 0.4,
          strokeWidth: 0.5,
          title: found.length <= MOST_BANDS ? null : () => whereOf(threshold),
        });
      }),
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
        ...[false, true].map((undecided) =>
          Plot.dot(
            marks.filter((mark) => isUndecided(mark) === undecided),
            {
              x: ({ point }: Mark) => point.x,
              y: 'value',
              symbol: (undecided ? INK : style).symbol,
              stroke: style.color,
              fill: ({ collapsed }: Mark) => (collapsed === true ? style.color : 'none'),
              r: marks.length > MANY_MARKS ? 1.8 : 3.5,
              title: (mark: Mark) => describe(mark, along),
            },
          ),
        ),
      ]),
    ],
  });
  return {
    title: formatPlace(grid, name),
    caption: captionOf(found, shown.length - found.length, vanishing.length - curves.length, step),
    legend: legendOf(series),
    drawing,
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

/** Whether a certificate was to tell the phase and could not. */
function isUndecided({ transition, collapsed }: Mark): boolean {
  return transition.certifiable && collapsed === null;
}

/** A mark for each curve, and the cross of undecided points where there are any. */
function legendOf(series: readonly Series[]): LegendEntry[] {
  const undecided = series.some(({ marks }) => marks.some(isUndecided));
  return [
    ...series.map(({ transition, style }): LegendEntry => [transition.name, style]),
    ...(undecided ? [['undecided', INK] satisfies LegendEntry] : []),
  ];
}

function describe({ point, value, transition, collapsed }: Mark, along: string): string {
  const undecided = transition.certifiable ? 'undecided' : 'no certificate';
  const phase = collapsed === null ? undecided : collapsed ? 'collapsed' : 'not collapsed';
  return [
    `${along} ${formatNumber(point.x)}`,
    `${transition.name}: ${phase}`,
    `singular value ${formatNumber(value)}`,
    `relative gap ${formatNumber(point.relativeGap)}`,
    `point ${point.key}`,
  ].join('\n');
}

function captionOf(
  found: TransitionSlice['thresholds'],
  refused: number,
  hidden: number,
  step: number,
): string {
  const sentences = found.map((threshold) => `${whereOf(threshold)}.`);
  const rest = refused === 0 ? '' : ` ${refused} more could not be placed.`;
  const more = hidden === 0 ? '' : ` ${hidden} larger singular values are not drawn.`;
  const thinned =
    step === 1 ? '' : ` One point in ${step} is drawn, and the ends of every transition.`;
  return `Each curve reaches zero at its transition (band: where it lies; dashes: theory; filled marks: certified collapsed, outlines: not). ${sentences.join(' ')}${rest}${more}${thinned}`;
}

/** Where a transition lies that was found. */
function whereOf({ transition, estimate, interval, lower, upper, theory }: Threshold): string {
  const width = interval![1] - interval![0];
  const beside = theory === null ? '' : `; theory ${formatWithin(theory, width)}`;
  const where =
    lower === null
      ? `seen in ${formatInterval(interval)}`
      : `certified in ${formatEnds(lower, upper)}`;
  return `${transition} at ${formatWithin(estimate, width)}, ${where}${beside}`;
}
