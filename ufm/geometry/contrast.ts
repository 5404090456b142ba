import { clusterOfClass } from '../blocks.js';
import type { Cluster } from '../../study/instance.js';
import { nuclearNorm } from '../linear-algebra/singular-values.js';

/** Y = Z diag(s) of K x K logits of class means, from the squares of the scale of each cluster. */
export function scaleColumns(
  clusters: readonly Cluster[],
  squaredScales: Float64Array,
  logits: Float64Array,
): Float64Array {
  const clusterOf = clusterOfClass(clusters);
  const K = clusterOf.length;
  const scaled = new Float64Array(K * K);
  for (let k = 0; k < K; k++) {
    const scale = Math.sqrt(squaredScales[clusterOf[k]!]!);
    for (let i = 0; i < K; i++) scaled[i * K + k] = logits[i * K + k]! * scale;
  }
  return scaled;
}

/** The mean of the k - 1 singular values that are left of a cluster's block of Y when its row and column means go. */
export function contrastOfCluster(
  clusters: readonly Cluster[],
  Y: Float64Array,
  cluster: number,
): number | null {
  const [k] = clusters[cluster]!;
  if (k === 1) return null;
  const K = Math.sqrt(Y.length);
  let first = 0;
  for (let a = 0; a < cluster; a++) first += clusters[a]![0];
  const block = new Float64Array(k * k);
  const rows = new Float64Array(k);
  const columns = new Float64Array(k);
  let mean = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const entry = Y[(first + i) * K + first + j]!;
      block[i * k + j] = entry;
      rows[i]! += entry / k;
      columns[j]! += entry / k;
      mean += entry / (k * k);
    }
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) block[i * k + j]! += mean - rows[i]! - columns[j]!;
  }
  return nuclearNorm(block, k) / (k - 1);
}
