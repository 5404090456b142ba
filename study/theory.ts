import { sampleCount, type Cluster } from './instance.js';

/**
 * The value of lambda = sqrt(lambdaW lambdaH) from which on a cluster of at least two classes has collapsed into
 * one, sqrt(n_j) / N (Hong & Ling, arXiv:2309.09725, Theorem 3.3, for the minority). The bias plays no part.
 * An overlay for plots and a unit for axes (`lambdaOverThreshold`), never an input of an estimate.
 */
export function predictedThreshold(clusters: readonly Cluster[], samples: number): number {
  return Math.sqrt(samples) / sampleCount(clusters);
}
