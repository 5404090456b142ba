import { classCount, sampleCount, type Problem } from './instance.js';

/**
 * The value of lambda = sqrt(lambdaW lambdaH) from which on a cluster j of at least two classes has collapsed into one,
 *
 *     lambda_j = delta_j (c_j / s_j) (t_own - t_same),    c_j = omega_j n_j / N,    s_j = sqrt(phi_j n_j)
 *
 * which is sqrt(n_j) / N (Hong & Ling, arXiv:2309.09725, Theorem 3.3, for the minority) where no remedy changes it. The bias
 * plays no part. With nonnegative features a class vanishes by itself, at sqrt((K - 1) / K) times that without a bias.
 * An overlay for plots and a unit for axes (`lambdaOverThreshold`), never an input of an estimate.
 *
 * Margins are left out: they put the threshold farther, by no closed form. With a fixed classifier nothing collapses, and
 * norm bounds have no lambda: for these the number means nothing; see `hasThreshold`.
 *
 * @param cluster its index in the problem
 */
export function predictedThreshold(problem: Problem, cluster: number): number {
  const { clusters, classWeights, featurePenalties, logitScales, features } = problem;
  const samples = clusters[cluster]![1];
  const scaled = (logitScales?.[cluster] ?? 1) * (classWeights?.[cluster] ?? 1) * trust(problem);
  // Of ones only, so that the plain threshold has no rounding but its own.
  const threshold =
    (scaled * Math.sqrt(samples / (featurePenalties?.[cluster] ?? 1))) / sampleCount(clusters);
  if (features === undefined) return threshold;
  const K = classCount(clusters);
  return Math.sqrt((K - 1) / K) * threshold;
}

/** Whether a problem has thresholds that `predictedThreshold` knows; margins move them. */
export function hasThreshold({ classifier, boundW }: Problem): boolean {
  return classifier === undefined && boundW === undefined;
}

/** t_own - t_same: by how much the target of a sample prefers its own class to one of the same cluster. */
function trust({ clusters, labelSmoothing = 0, labelNoise = 0 }: Problem): number {
  if (labelNoise === 0) return 1 - labelSmoothing;
  const K = classCount(clusters);
  return (1 - labelSmoothing) * (1 - (labelNoise * K) / (K - 1));
}

/**
 * The threshold of the first cluster to collapse as lambda grows: the smallest of those that two classes share, or else
 * of all.
 *
 * @param problem canonical, so that classes that nothing tells apart are of one cluster
 */
export function firstThreshold(problem: Problem): number {
  const all = problem.clusters.map((_, j) => j);
  const shared = all.filter((j) => problem.clusters[j]![0] >= 2);
  const candidates = shared.length > 0 ? shared : all;
  return Math.min(...candidates.map((j) => predictedThreshold(problem, j)));
}
