import { classCount, type Cluster } from '../study/instance.js';

/**
 * Class-mean logits that do not change when classes inside a cluster are permuted. J clusters, cluster a with k_a
 * classes. For class i of cluster a and a sample of class k of cluster c
 *
 *     Z_ik = mean[a J + c] + (a = c ? contrast[a] ([i = k] - 1/k_a) : 0)
 *
 * and the bias of class i is bias[a]. F is convex and symmetric under these permutations, so averaging any iterate over
 * them never raises F.
 */
export interface BlockLogits {
  /** J values: the logit of a class at its own samples minus that at other samples of its cluster; 0 where k_a = 1. */
  readonly contrast: Float64Array;
  /** J x J, row-major: the mean logit of cluster a's classes at cluster c's samples. */
  readonly mean: Float64Array;
  /** J values; null in a model without a bias. */
  readonly bias: Float64Array | null;
  /**
   * J x J: rows about like the right singular vectors of the mean block of Y, orthonormal up to rounding, where whoever
   * made the blocks knows them. They spare work and prove nothing.
   */
  readonly basis?: Float64Array;
}

/** Class-mean logits of every class: `logits[i K + k]` is class i's at the samples of class k, without the bias. */
export interface ClassLogits {
  readonly logits: Float64Array;
  readonly bias: Float64Array | null;
}

/** Averages K x K logits (row-major, row i the logit of class i, without bias) and K biases over the clusters. */
export function averageOverClusters(
  clusters: readonly Cluster[],
  logits: Float64Array,
  bias: Float64Array | null,
): BlockLogits {
  const J = clusters.length;
  const K = classCount(clusters);
  const clusterOf = clusterOfClass(clusters);
  const mean = new Float64Array(J * J);
  const own = new Float64Array(J);
  for (let i = 0; i < K; i++) {
    for (let k = 0; k < K; k++) mean[clusterOf[i]! * J + clusterOf[k]!]! += logits[i * K + k]!;
    own[clusterOf[i]!]! += logits[i * K + i]!;
  }
  const contrast = new Float64Array(J);
  for (let a = 0; a < J; a++) {
    const [rows] = clusters[a]!;
    const same = mean[a * J + a]! - own[a]!;
    if (rows > 1) contrast[a] = own[a]! / rows - same / (rows * (rows - 1));
    for (let c = 0; c < J; c++) mean[a * J + c]! /= rows * clusters[c]![0];
  }
  return { contrast, mean, bias: bias && averageByCluster(clusters, bias) };
}

/** The mean of K values over the classes of each cluster. */
export function averageByCluster(
  clusters: readonly Cluster[],
  values: ArrayLike<number>,
): Float64Array {
  const clusterOf = clusterOfClass(clusters);
  const means = new Float64Array(clusters.length);
  for (let i = 0; i < clusterOf.length; i++) {
    means[clusterOf[i]!]! += values[i]! / clusters[clusterOf[i]!]![0];
  }
  return means;
}

/** The K x K logits and K biases that blocks stand for. */
export function expandBlocks(clusters: readonly Cluster[], blocks: BlockLogits): ClassLogits {
  const J = clusters.length;
  const clusterOf = clusterOfClass(clusters);
  const K = clusterOf.length;
  const logits = new Float64Array(K * K);
  for (let i = 0; i < K; i++) {
    const a = clusterOf[i]!;
    for (let k = 0; k < K; k++) {
      const c = clusterOf[k]!;
      const within = a === c ? blocks.contrast[a]! * ((i === k ? 1 : 0) - 1 / clusters[a]![0]) : 0;
      logits[i * K + k] = blocks.mean[a * J + c]! + within;
    }
  }
  const { bias } = blocks;
  return { logits, bias: bias && Float64Array.from(clusterOf, (a) => bias[a]!) };
}

/** K values: the cluster of each class, in the order of the clusters. */
export function clusterOfClass(clusters: readonly Cluster[]): number[] {
  const clusterOf: number[] = [];
  for (let a = 0; a < clusters.length; a++) {
    for (let count = clusters[a]![0]; count > 0; count--) clusterOf.push(a);
  }
  return clusterOf;
}
