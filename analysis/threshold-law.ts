import type { AxisName } from '../study/study.js';
import { fitBracketed, type Bracketed, type Sight } from './bracketed-fit.js';
import { crossingsOf, plainSlices, type Crossing, type CrossingSide } from './crossings.js';
import { coefficientsOf, type LawCoefficient } from './law-coefficients.js';
import { movingVariables, refusalFor, separation, type Variable } from './law-variables.js';
import type { Interval } from './order-parameter.js';
import { commonInterval, reducedInterval } from './reduced-lambda.js';
import type { TransitionSlice } from './thresholds.js';
import type { TransitionName } from './transitions.js';

/** Where one slice has the transition, and how far the law is from it. */
export interface LawPlace {
  readonly grid: string;
  readonly slice: string;
  readonly along: AxisName;
  /** lambda, N and the cluster's n at the estimate of the transition. */
  readonly lambda: number;
  readonly samplesTotal: number;
  readonly clusterSamples: number;
  /** lambda N / sqrt(n) at the two certified points around the transition. */
  readonly reduced: Interval;
  /** log of the slice's lambda over the law's; null when the law is refused. */
  readonly residual: number | null;
  /** Half of the 95 % interval of log lambda. */
  readonly halfWidth: number;
}

/**
 * How a threshold depends on the samples, over all slices of a study: lambda = constant * N^a * n^b, where n is the
 * samples of a class of the cluster that collapses, or of the minority where the mean block vanishes.
 */
export interface ThresholdLaw {
  readonly transition: TransitionName;
  /** The constant, the exponent of N and that of n. */
  readonly coefficients: readonly LawCoefficient[];
  /** Whether any power law of N and n passes between the certified points, up to rounding; null when refused. */
  readonly possible: boolean | null;
  /** Residuals in units of the slices' own uncertainties: above 1 something else plays a part. Null when refused. */
  readonly scatter: number | null;
  /** Largest relative deviation of a slice from the law; null when refused. */
  readonly largestResidual: number | null;
  /**
   * The value of lambda N / sqrt(n) at which every slice may have the transition, certainly; null when certificates
   * rule out that it is one value. A question asked of the rows, and not an estimate.
   */
  readonly reduced: Interval | null;
  readonly places: readonly LawPlace[];
  /** Slices in which this transition has no certified interval. */
  readonly unplaced: number;
  readonly refusal: string | null;
}

/** The law of every transition that at least two plain slices have. */
export function thresholdLaws(all: readonly TransitionSlice[]): ThresholdLaw[] {
  const slices = plainSlices(all);
  const names = [
    ...new Set(slices.flatMap(({ thresholds }) => thresholds.map(({ transition }) => transition))),
  ];
  return names.flatMap((name) => {
    const crossings = crossingsOf(slices, name);
    return crossings.length < 2 ? [] : [lawFrom(name, crossings, countUnplaced(slices, name))];
  });
}

function countUnplaced(slices: readonly TransitionSlice[], name: TransitionName): number {
  return slices.filter(({ thresholds }) =>
    thresholds.some(({ transition, lower }) => transition === name && lower === null),
  ).length;
}

function lawFrom(
  transition: TransitionName,
  crossings: readonly Crossing[],
  unplaced: number,
): ThresholdLaw {
  const moving = movingVariables(crossings);
  const refusal = refusalFor(crossings, moving);
  const bracketed = bracketedPlaces(crossings, moving);
  const fit = refusal === null ? fitBracketed(bracketed) : null;
  return {
    transition,
    coefficients: coefficientsOf(crossings, moving, fit, refusal).map((coefficient) =>
      // The mean block's transition has no closed form.
      transition.endsWith('collapse') ? coefficient : { ...coefficient, theory: null },
    ),
    possible: fit?.possible ?? null,
    scatter: fit?.scatter ?? null,
    largestResidual: fit === null ? null : Math.max(...fit.residuals.map(Math.abs)),
    reduced: commonInterval(crossings.map(reducedInterval)),
    places: crossings.map((crossing, i) => ({
      grid: crossing.grid,
      slice: crossing.slice,
      along: crossing.along,
      lambda: crossing.likely.lambda,
      samplesTotal: crossing.likely.samplesTotal,
      clusterSamples: crossing.likely.clusterSamples,
      reduced: reducedInterval(crossing),
      residual: fit?.residuals[i] ?? null,
      halfWidth: bracketed[i]!.halfWidth,
    })),
    unplaced,
    refusal,
  };
}

/** log lambda = log constant + a log N + b log n, each slice a place that the law has to pass. */
function bracketedPlaces(crossings: readonly Crossing[], moving: readonly Variable[]): Bracketed[] {
  const sight = (side: CrossingSide): Sight => ({
    basis: [1, ...moving.map(({ at }) => Math.log(at(side)))],
    value: Math.log(side.lambda),
  });
  return crossings.map(({ uncollapsed, collapsed, likely, share }) => ({
    below: sight(uncollapsed),
    above: sight(collapsed),
    likely: sight(likely),
    halfWidth: share * separation(uncollapsed, collapsed),
  }));
}
