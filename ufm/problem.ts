import type { Instance } from '../study/instance.js';

/**
 * The convex problem that an instance is where its feature dimension is at least the optimal rank. With D = diag(n) and
 * Y = Z D^(1/2), balanced factors make the weights of |W|^2 and |H|^2 one nuclear norm:
 *
 *     min over Y, b:  F = sum_k n_k/N CE(y_k / sqrt(n_k) + b, e_k) + lambda |Y|_* + lambdaB/2 |b|^2
 *
 * Classes of a cluster share n, and by symmetry everything is an average over the cluster: J entries each, K classes.
 */
export interface ConvexProblem {
  readonly clusterCount: number;
  readonly classCount: number;
  readonly sampleCount: number;
  /** k_a and n_a of each cluster. */
  readonly classes: Float64Array;
  readonly samples: Float64Array;
  /** k_a n_a / N: the share of a cluster in the loss. */
  readonly weights: Float64Array;
  /** sqrt(lambdaW lambdaH). */
  readonly lambda: number;
  /** Null without a bias; 0 for a free one. */
  readonly lambdaB: number | null;
}

export function convexProblem(instance: Instance): ConvexProblem {
  const { clusters, lambdaB } = instance;
  const J = clusters.length;
  // Plain loops: Float64Array.from takes longer than two clusters take to solve.
  const classes = new Float64Array(J);
  const samples = new Float64Array(J);
  const weights = new Float64Array(J);
  let K = 0;
  let N = 0;
  for (let a = 0; a < J; a++) {
    const cluster = clusters[a]!;
    classes[a] = cluster[0];
    samples[a] = cluster[1];
    K += cluster[0];
    N += cluster[0] * cluster[1];
  }
  for (let a = 0; a < J; a++) weights[a] = (classes[a]! * samples[a]!) / N;
  return {
    clusterCount: J,
    classCount: K,
    sampleCount: N,
    classes,
    samples,
    weights,
    lambda: Math.sqrt(instance.lambdaW) * Math.sqrt(instance.lambdaH),
    lambdaB,
  };
}
