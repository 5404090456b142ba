import type { Model } from './model.js';
import type { Remedies } from './remedies.js';

/** `[classes, samples]`: that many classes, each with that many samples. */
export type Cluster = readonly [classes: number, samples: number];

/** `class-means`: one feature per class (where every minimum lies); `per-sample`: one feature per sample. */
export type Form = 'class-means' | 'per-sample';

export type SolverKind = 'tensor' | 'exact';

/** The classes and their samples, the model, and what is done about the imbalance. */
export interface Problem extends Remedies, Model {
  /** Clusters of classes that nothing tells apart, from the most samples to the fewest; see `canonicalProblem`. */
  readonly clusters: readonly Cluster[];
}

/**
 * One unconstrained feature model to solve, completely specified (Hong & Ling, arXiv:2309.09725):
 *
 *     min over W (K x d), H (d x N), b (K):
 *       1/N sum_k sum_i CE(W h_ki + b, e_k) + lambdaW/2 |W|^2 + lambdaH/2 |H|^2 + lambdaB/2 |b|^2
 *
 * with whatever is done about the imbalance (see `Remedies`), or another model in its place (see `Model`).
 */
export interface Instance extends Problem {
  /** Weight of |W|^2 / 2, > 0; 0 where W is fixed or bounded. */
  readonly lambdaW: number;
  /** Weight of |H|^2 / 2, > 0; 0 where H is bounded. */
  readonly lambdaH: number;
  /** Weight of |b|^2 / 2; 0 is a free bias, null is a model without a bias. */
  readonly lambdaB: number | null;
  /** d, the length of a feature, >= 1. */
  readonly featureDimension: number;
  readonly form: Form;
  readonly solver: SolverKind;
  /** Relative duality gap at which the solution counts as certified, > 0. */
  readonly tolerance: number;
  /** Whether a float64 polish goes on where the tensor solver's gap is above the tolerance. */
  readonly polish: boolean;
  /** Seed of the random start; null for the exact solver, which has none. */
  readonly seed: number | null;
}

/** K, the number of classes. */
export function classCount(clusters: readonly Cluster[]): number {
  return clusters.reduce((sum, [classes]) => sum + classes, 0);
}

/** N, the number of samples of all classes together. */
export function sampleCount(clusters: readonly Cluster[]): number {
  return clusters.reduce((sum, [classes, samples]) => sum + classes * samples, 0);
}

/** N x d, the number of numbers of the features of a per-sample instance. */
export function featureCount({
  clusters,
  featureDimension,
}: Pick<Instance, 'clusters' | 'featureDimension'>): number {
  return sampleCount(clusters) * featureDimension;
}
