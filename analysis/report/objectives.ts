import type { SolverPair } from '../solver-comparison.js';
import type { TransitionPoint } from '../slices.js';

/** A point of gradient descent beside the exact solution of the same instance. */
export interface PointPair {
  readonly exact: TransitionPoint;
  readonly tensor: TransitionPoint;
  /** Of the random start. */
  readonly seed: number;
  /** (empirical - exact) / exact of the objective. */
  readonly excess: number;
}

/** How the objectives of both solvers differ on a slice. */
export interface ObjectiveComparison {
  /** Points that both have solved. */
  readonly pairs: readonly PointPair[];
  /** The pair whose excess is the largest; null for no pairs. */
  readonly worst: PointPair | null;
  /** Median of the sizes of the excesses; null for no pairs. */
  readonly median: number | null;
}

/** Compares the objectives where both solvers of a pair have a solution. */
export function objectivesOf({ exact, tensor }: SolverPair): ObjectiveComparison {
  const known = new Map(exact.points.map((point) => [point.x, point]));
  const pairs = tensor.points.flatMap((point): PointPair[] => {
    const partner = known.get(point.x);
    const [empirical, least] = [point.objective, partner?.objective ?? null];
    if (partner === undefined || empirical === null || least === null) return [];
    const seed = (point.coordinates.seed as number | undefined) ?? 1;
    return [{ exact: partner, tensor: point, seed, excess: (empirical - least) / least }];
  });
  const sizes = pairs.map(({ excess }) => Math.abs(excess)).sort((a, b) => a - b);
  return {
    pairs,
    worst: pairs.reduce(
      (most: PointPair | null, pair) => (most === null || pair.excess > most.excess ? pair : most),
      null,
    ),
    median: sizes[Math.floor((sizes.length - 1) / 2)] ?? null,
  };
}
