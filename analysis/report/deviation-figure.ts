import * as Plot from '@observablehq/plot';
import { formatCount, formatNumber, formatPlace } from '../format.js';
import type { TransitionPoint } from '../slices.js';
import { seedsOf, type SolverPair } from '../solver-comparison.js';
import { everyNth } from '../thin-out.js';
import type { Transition } from '../transitions.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import type { PointPair } from './objectives.js';
import { logScale, scaleOf } from './scale.js';
import { INK, type LegendEntry } from './series-style.js';
import { valuesAlong, vanishingCurves } from './vanishing-curves.js';

/** More curves than this nobody tells apart; those that vanish first are drawn. */
const MOST_CURVES = 3;
/** Of more points every n-th has marks. */
const MOST_PAIRS = 160;

interface Deviation {
  readonly pair: PointPair;
  readonly what: string;
  /** Relative to the exact objective, or to the largest of the curve; not 0. */
  readonly value: number;
}

/** How far each start ended from the exact solution; null where none is off at all. */
export function deviationFigure(
  { name, exact, tensor }: SolverPair,
  pairs: readonly PointPair[],
): Figure | null {
  const { grid, along } = exact;
  const drawn = everyNth(pairs, MOST_PAIRS);
  const kinds = [
    { what: 'objective', style: INK, deviations: objectiveDeviations(drawn) },
    ...vanishingCurves(exact.points)
      .slice(0, MOST_CURVES)
      .map(({ transition, style }) => ({
        what: transition.name,
        style,
        deviations: curveDeviations(exact.points, transition, drawn),
      })),
  ].filter(({ deviations }) => deviations.length > 0);
  const all = kinds.flatMap(({ deviations }) => deviations);
  if (all.length === 0) return null;
  const sizes = all.map(({ value }) => Math.abs(value));
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const domain = [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most) + 0.01)];
  return {
    title: `${formatPlace(grid, name)}: how far gradient descent is off`,
    caption: `Gradient descent from ${formatCount(seedsOf(tensor), 'random start')} less the exact solver, without the sign: the objective relative to the exact one, singular values relative to the largest of their curve. Differences of zero have no mark.${drawn.length < pairs.length ? ` ${drawn.length} of ${pairs.length.toLocaleString('en')} points are drawn.` : ''}`,
    legend: kinds.map(({ what, style }): LegendEntry => [what, style]),
    drawing: draw(`Differences of gradient descent of ${grid}, ${name}, against ${along}`, {
      height: 270,
      marginLeft: 52,
      marginRight: 24,
      marginBottom: 42,
      marginTop: 30,
      x: { label: along, inset: 6, ...scaleOf(drawn.map(({ exact: { x } }) => x)) },
      y: {
        label: 'relative difference',
        grid: true,
        domain,
        ...logScale(domain[0]!, domain[1]!),
      },
      marks: kinds.map(({ what, style, deviations }) =>
        Plot.dot(deviations, {
          x: ({ pair }: Deviation) => pair.exact.x,
          y: ({ value }: Deviation) => Math.abs(value),
          symbol: style.symbol,
          stroke: style.color,
          fill: 'none',
          r: 2.6,
          title: ({ pair, value }: Deviation) =>
            `${along} ${formatNumber(pair.exact.x)}\n${what}: ${formatNumber(value)}\nseed ${pair.seed}\npoint ${pair.tensor.key}`,
        }),
      ),
    }),
    header: [along, 'of', 'relative_difference', 'seed', 'point_key', 'exact_point_key'],
    rows: all.map(({ pair, what, value }) => [
      pair.exact.x,
      what,
      value,
      pair.seed,
      pair.tensor.key,
      pair.exact.key,
    ]),
  };
}

function objectiveDeviations(pairs: readonly PointPair[]): Deviation[] {
  return pairs.flatMap((pair) =>
    pair.excess === 0 ? [] : [{ pair, what: 'objective', value: pair.excess }],
  );
}

function curveDeviations(
  exact: readonly TransitionPoint[],
  transition: Transition,
  pairs: readonly PointPair[],
): Deviation[] {
  const scale = valuesAlong(exact, transition).reduce(
    (most, { value }) => Math.max(most, value),
    0,
  );
  return pairs.flatMap((pair) => {
    const [found, right] = [pair.tensor, pair.exact].map(transition.orderParameter);
    if (scale === 0 || found == null || right == null || found === right) return [];
    return [{ pair, what: transition.name, value: (found - right) / scale }];
  });
}
