import type { Cluster } from '../../study/instance.js';
import { classCount, sampleCount } from '../../study/instance.js';

/**
 * The lambda from which on a cluster has collapsed under squared error, whatever the bias: t sqrt(n_j) / N, where t is by how
 * much the target of a sample's own class exceeds that of each other one (1 without smoothing and noise). The singular values
 * of T diag(sqrt(n)) on the cluster's contrasts are t sqrt(n_j), and N lambda is taken off them; with t = 1 it is the threshold
 * of cross entropy. Closed form as in Tirer & Bruna (arXiv:2202.08087) for balanced classes, here for any.
 */
export function squaredErrorThreshold(
  clusters: readonly Cluster[],
  samples: number,
  targetLead = 1,
): number {
  return (targetLead * Math.sqrt(samples)) / sampleCount(clusters);
}

/**
 * The lambda from which on the features of a class are zero where features are not negative and there is no bias:
 * sqrt((K-1)/K) omega_j sqrt(n_j) / N. The model is a group lasso, in which each class is alone (the model is that of Dang et
 * al., arXiv:2401.02058): a feature of zero predicts all classes alike, |p - e| = sqrt((K-1)/K), and a class's feature is there
 * where the slope of its loss exceeds lambda.
 *
 * @param classWeight omega_j
 */
export function nonnegativeThreshold(
  clusters: readonly Cluster[],
  samples: number,
  classWeight = 1,
): number {
  const K = classCount(clusters);
  return (Math.sqrt((K - 1) / K) * classWeight * Math.sqrt(samples)) / sampleCount(clusters);
}
