import { classCount, type Cluster } from '../../study/instance.js';
import type { BlockLogits } from '../blocks.js';

/** The logits z_k = u_k (e_k - 1/K), by which the class of a sample leads each other one by u_k; u of each cluster. */
export function blocksOfLeads(clusters: readonly Cluster[], leads: Float64Array): BlockLogits {
  const J = clusters.length;
  const K = classCount(clusters);
  const mean = new Float64Array(J * J);
  for (let a = 0; a < J; a++) {
    for (let c = 0; c < J; c++) {
      mean[a * J + c] = leads[c]! * ((a === c ? 1 / clusters[a]![0] : 0) - 1 / K);
    }
  }
  const contrast = leads.map((lead, c) => (clusters[c]![0] > 1 ? lead : 0));
  return { contrast, mean, bias: null };
}
