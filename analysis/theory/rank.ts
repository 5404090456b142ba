import type { Cluster } from '../../study/instance.js';
import { predictedThreshold } from '../../study/theory.js';

/**
 * Between what two numbers the rank of the optimum of plain cross entropy has been observed to lie: M - 1 and M, with M the
 * number of classes whose threshold sqrt(n_k) / N lambda has not reached. Observed on 925 of 925 random profiles, and not
 * proved: what a row says of its rank comes from its certificate.
 */
export function observedRank(
  clusters: readonly Cluster[],
  lambda: number,
): readonly [least: number, most: number] {
  const alive = clusters.reduce(
    (sum, [classes], j) => (predictedThreshold({ clusters }, j) > lambda ? sum + classes : sum),
    0,
  );
  return [Math.max(0, alive - 1), alive];
}
