import * as Plot from '@observablehq/plot';
import { formatCount, formatNumber, formatPlace } from '../format.js';
import { grouped } from '../grouped.js';
import type { TransitionPoint } from '../slices.js';
import { seedsOf, type SolverPair } from '../solver-comparison.js';
import { everyNth } from '../thin-out.js';
import type { Transition } from '../transitions.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { scaleOf } from './scale.js';
import { valuesAlong, vanishingAxis, vanishingCurves } from './vanishing-curves.js';

/** More curves than this nobody tells apart; those that vanish first are drawn. */
const MOST_CURVES = 6;
/** Of more values of the axis every n-th is drawn. */
const MOST_VALUES = 80;

/** All random starts at one value of the axis. */
interface Spread {
  readonly x: number;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly starts: number;
}

/** The singular values that gradient descent found from all its starts, on the curves of the exact solver. */
export function empiricalFigure({ name, exact, tensor }: SolverPair): Figure {
  const { grid, along } = exact;
  const curves = vanishingCurves(exact.points)
    .slice(0, MOST_CURVES)
    .map(({ transition, style }) => ({
      transition,
      style,
      exact: everyNth(valuesAlong(exact.points, transition), MOST_VALUES * 2),
      spreads: everyNth(spreadsOf(tensor.points, transition), MOST_VALUES),
    }));
  const largest = curves.reduce(
    (most, { exact: line, spreads }) =>
      Math.max(most, ...line.map(({ value }) => value), ...spreads.map(({ high }) => high)),
    1e-12,
  );
  const widest = curves
    .flatMap(({ spreads }) => spreads)
    .reduce((most, { low, high }) => Math.max(most, high - low), 0);
  return {
    title: `${formatPlace(grid, name)}: gradient descent on the exact curves`,
    caption: `Lines: the exact solver. Marks: the median of ${formatCount(seedsOf(tensor), 'random start')}, bars from the least to the largest of them, the widest ${formatNumber(widest)}.`,
    legend: curves.map(({ transition, style }) => [transition.name, style]),
    drawing: draw(`Singular values by gradient descent of ${grid}, ${name}, against ${along}`, {
      height: 270,
      marginLeft: 52,
      marginRight: 24,
      marginBottom: 42,
      marginTop: 30,
      x: { label: along, ...scaleOf(exact.points.map(({ x }) => x)) },
      y: vanishingAxis(largest),
      marks: [
        Plot.ruleY([0]),
        curves.flatMap(({ transition, style, exact: line, spreads }) => [
          Plot.lineY(line, {
            x: 'x',
            y: 'value',
            stroke: style.color,
            strokeDasharray: style.dash,
          }),
          Plot.ruleX(spreads, {
            x: 'x',
            y1: 'low',
            y2: 'high',
            stroke: style.color,
            strokeWidth: 2.5,
          }),
          Plot.dot(spreads, {
            x: 'x',
            y: 'middle',
            symbol: style.symbol,
            stroke: style.color,
            fill: 'none',
            r: 3,
            title: ({ x, low, middle, high, starts }: Spread) =>
              `${along} ${formatNumber(x)}\n${transition.name}\nmedian singular value ${formatNumber(middle)}\n${formatCount(starts, 'start')} from ${formatNumber(low)} to ${formatNumber(high)}`,
          }),
        ]),
      ],
    }),
    header: [along, 'transition', 'solver', 'starts', 'least', 'median', 'largest'],
    rows: curves.flatMap(({ transition, exact: line, spreads }) => [
      ...line.map(({ x, value }) => [x, transition.name, 'exact', null, value, value, value]),
      ...spreads.map(({ x, low, middle, high, starts }) => [
        x,
        transition.name,
        'tensor',
        starts,
        low,
        middle,
        high,
      ]),
    ]),
  };
}

function spreadsOf(points: readonly TransitionPoint[], transition: Transition): Spread[] {
  const starts = grouped(valuesAlong(points, transition), ({ x }) => x);
  return [...starts].map(([x, members]): Spread => {
    const ascending = members.map(({ value }) => value).sort((a, b) => a - b);
    return {
      x,
      low: ascending[0]!,
      middle: ascending[Math.floor((ascending.length - 1) / 2)]!,
      high: ascending.at(-1)!,
      starts: ascending.length,
    };
  });
}
