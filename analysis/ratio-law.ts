import {
  fitBracketed,
  type Bracketed,
  type FittedCoefficient,
  type Sight,
} from './bracketed-fit.js';
import { crossingsOf, plainSlices, type Crossing, type CrossingSide } from './crossings.js';
import { formatCount } from './format.js';
import { grouped } from './grouped.js';
import type { Interval } from './order-parameter.js';
import type { TransitionSlice } from './thresholds.js';

/** A coefficient of the line, with what theory says beside it. */
export interface RatioCoefficient extends FittedCoefficient {
  readonly theory: number;
}

/** The critical ratio in one slice. */
export interface RatioPlace {
  readonly grid: string;
  readonly slice: string;
  readonly lambda: number;
  readonly minoritySamples: number;
  /** 1 / (lambda sqrt(n_B)). */
  readonly reach: number;
  /** r*, at the estimate of the transition. */
  readonly ratio: number;
  /** r* minus the line; null when the line is refused. */
  readonly residual: number | null;
}

/**
 * How the ratio r* = n_A / n_B at which the minority collapses depends on lambda and n_B, for one division of the
 * classes: r* = slope / (lambda sqrt(n_B)) + intercept.
 */
export interface RatioLaw {
  readonly majorityClasses: number;
  readonly minorityClasses: number;
  /** Null when refused, as are the other answers. */
  readonly slope: RatioCoefficient | null;
  readonly intercept: RatioCoefficient | null;
  /** Whether any such line passes between the certified points, up to rounding. */
  readonly possible: boolean | null;
  readonly places: readonly RatioPlace[];
  readonly refusal: string | null;
}

/** With fewer places a line has nothing to be tested by. */
const FEWEST_PLACES = 3;
/** Places whose reach differs by less than this factor carry no slope. */
const SMALLEST_SPREAD = 1.05;

/** The line of each division of the classes into two clusters that at least two plain slices have. */
export function ratioLaws(slices: readonly TransitionSlice[]): RatioLaw[] {
  const divided = crossingsOf(plainSlices(slices), 'minority-collapse').filter(
    ({ clusters }) => clusters.length === 2,
  );
  const divisions = grouped(divided, ({ clusters }) =>
    clusters.map(([classes]) => classes).join('/'),
  );
  return [...divisions.values()].filter((members) => members.length >= 2).map(lawOf);
}

function lawOf(crossings: readonly Crossing[]): RatioLaw {
  const [majority, minority] = crossings[0]!.clusters;
  const [majorityClasses, minorityClasses] = [majority![0], minority![0]];
  const refusal = refusalFor(crossings);
  const fit = refusal === null ? fitBracketed(bracketedRatios(crossings)) : null;
  return {
    majorityClasses,
    minorityClasses,
    slope: fit && { ...fit.coefficients[1]!, theory: 1 / majorityClasses },
    intercept: fit && { ...fit.coefficients[0]!, theory: -minorityClasses / majorityClasses },
    possible: fit?.possible ?? null,
    places: crossings.map(({ grid, slice, likely }, i) => ({
      grid,
      slice,
      lambda: likely.lambda,
      minoritySamples: likely.clusterSamples,
      reach: reachOf(likely),
      ratio: likely.ratio,
      residual: fit?.residuals[i] ?? null,
    })),
    refusal,
  };
}

function refusalFor(crossings: readonly Crossing[]): string | null {
  if (crossings.length < FEWEST_PLACES) {
    return `${formatCount(crossings.length, 'slice')} cannot test a line: at least ${FEWEST_PLACES} are needed`;
  }
  const [low, high] = rangeOf(crossings.map(({ likely }) => reachOf(likely)));
  return high / low > SMALLEST_SPREAD
    ? null
    : 'all slices have the transition at one value of lambda sqrt(n_B)';
}

function bracketedRatios(crossings: readonly Crossing[]): Bracketed[] {
  const [nearest, farthest] = rangeOf(crossings.map(({ likely }) => reachOf(likely)));
  const [smallest, largest] = rangeOf(crossings.map(({ likely }) => likely.ratio));
  // What an uncertain reach means for the ratio: the slope from the extremes is good enough for weights.
  const steepness = (largest - smallest) / (farthest - nearest);
  return crossings.map(({ uncollapsed, collapsed, likely, share }) => ({
    below: sight(uncollapsed),
    above: sight(collapsed),
    likely: sight(likely),
    halfWidth:
      share *
      (Math.abs(collapsed.ratio - uncollapsed.ratio) +
        steepness * Math.abs(reachOf(collapsed) - reachOf(uncollapsed))),
  }));
}

function sight(side: CrossingSide): Sight {
  return { basis: [1, reachOf(side)], value: side.ratio };
}

function reachOf({ lambda, clusterSamples }: CrossingSide): number {
  return 1 / (lambda * Math.sqrt(clusterSamples));
}

function rangeOf(values: readonly number[]): Interval {
  return [Math.min(...values), Math.max(...values)];
}
