import { clusterOfClass } from '../blocks.js';
import type { Cluster } from '../../study/instance.js';
import { singularValues } from '../linear-algebra/singular-values.js';

/** Z D^(1/2) of K x K logits of class means. */
export function scaleBySamples(clusters: readonly Cluster[], logits: Float64Array): Float64Array {
  const clusterOf = clusterOfClass(clusters);
  const K = clusterOf.length;
  return logits.map((z, at) => z * Math.sqrt(clusters[clusterOf[at % K]!]![1]));
}

/** The mean of the k - 1 singular values that are left of a cluster's block of Y when its row and column means go. */
export function contrastOfCluster(
  clusters: readonly Cluster[],
  Y: Float64Array,
  cluster: number,
): number | null {
  const classes = clusterOfClass(clusters).flatMap((a, i) => (a === cluster ? i : []));
  const k = classes.length;
  if (k === 1) return null;
  const K = Math.sqrt(Y.length);
  const block = Float64Array.from(classes.flatMap((i) => classes.map((j) => Y[i * K + j]!)));
  const rows = new Float64Array(k);
  const columns = new Float64Array(k);
  block.forEach((entry, at) => {
    rows[Math.floor(at / k)]! += entry / k;
    columns[at % k]! += entry / k;
  });
  const mean = rows.reduce((sum, row) => sum + row, 0) / k;
  const centred = block.map(
    (entry, at) => entry - rows[Math.floor(at / k)]! - columns[at % k]! + mean,
  );
  const { values } = singularValues(centred, k);
  return values.reduce((sum, value) => sum + value, 0) / (k - 1);
}
