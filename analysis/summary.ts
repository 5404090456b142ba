import type { Status } from '../ufm/solution.js';
import type { Limit } from './large-samples.js';
import type { RatioLaw } from './ratio-law.js';
import type { SolverComparison } from './solver-comparison.js';
import type { ThresholdLaw } from './threshold-law.js';
import type { Threshold } from './thresholds.js';

/** How far the features of per-sample points are from their class means: NC1. */
export interface VariabilitySummary {
  readonly grid: string;
  /** Certified per-sample points. */
  readonly points: number;
  /** tr(S_W) / tr(S_B). */
  readonly median: number;
  readonly largest: number;
  /** tr(S_W pinv(S_B)) / K: beyond a collapse S_B loses rank and this divides noise by noise. */
  readonly medianPinv: number | null;
  readonly largestPinv: number | null;
}

/** How many points of the study have a row, and how they ended. */
export interface PointCounts extends Readonly<Record<Status, number>> {
  readonly planned: number;
  readonly missing: number;
}

/** A slice and transition, or quantity, that has no answer, and why. */
export interface RefusedAnswer {
  readonly grid: string;
  readonly slice: string;
  readonly subject: string;
  readonly refusal: string;
}

/** What the analysis found; the JSON of `ufm-sweep analyze`. */
export interface AnalysisSummary {
  readonly study: string;
  readonly specHash: string;
  readonly thresholds: readonly Threshold[];
  /** How each transition depends on lambda, N and the samples of a class, over all slices. */
  readonly laws: readonly ThresholdLaw[];
  /** The critical ratio against lambda and n_B, one entry a division of the classes. */
  readonly ratioLaws: readonly RatioLaw[];
  /** Transitions of slices that both solvers have solved, side by side. */
  readonly comparisons: readonly SolverComparison[];
  readonly limits: readonly Limit[];
  /** One entry a grid that has certified per-sample points. */
  readonly variability: readonly VariabilitySummary[];
  readonly points: PointCounts;
  /** Whether planned points have no row: what was found may still move. */
  readonly partial: boolean;
  readonly refusals: readonly RefusedAnswer[];
  /** Parts and plans that were left out since their bytes are not as written, each with the reason. */
  readonly damaged: readonly string[];
}

/** The answers that were refused, in one list. */
export function refusalsOf({
  thresholds,
  laws,
  ratioLaws,
  limits,
}: Pick<AnalysisSummary, 'thresholds' | 'laws' | 'ratioLaws' | 'limits'>): RefusedAnswer[] {
  const all = { grid: 'all grids', slice: 'all' };
  return [
    ...thresholds.map((threshold) => ({ ...threshold, subject: threshold.transition })),
    ...laws.map((law) => ({ ...law, ...all, subject: `law of ${law.transition}` })),
    ...ratioLaws.map((law) => ({
      ...law,
      ...all,
      subject: `critical ratio of ${law.majorityClasses} + ${law.minorityClasses} classes`,
    })),
    ...limits.map((limit) => ({ ...limit, subject: limit.quantity })),
  ].flatMap(({ grid, slice, subject, refusal }) =>
    refusal === null ? [] : [{ grid, slice, subject, refusal }],
  );
}
