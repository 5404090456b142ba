import { hasThreshold, predictedThreshold } from '../../study/theory.js';
import { classCount, sampleCount, type Cluster, type Instance } from '../../study/instance.js';
import type { Column } from './column.js';

/** The point and its instance: what was asked. */
export const POINT_COLUMNS = [
  {
    name: 'point_key',
    type: 'utf8',
    nullable: false,
    distinct: true,
    unit: 'text',
    range: 'hexadecimal digits',
    formula: 'SHA-256(canonical instance, numerical_version)',
    meaning:
      'Hash of the canonical instance and of numerical_version: equal points have equal keys',
    of: ({ key }) => key,
  },
  {
    name: 'form',
    type: 'utf8',
    nullable: false,
    unit: 'text',
    range: '`class-means`, `per-sample`',
    formula: 'given',
    meaning: 'One feature per class, where every minimum lies, or one per sample',
    of: ({ instance }) => instance.form,
  },
  {
    name: 'solver',
    type: 'utf8',
    nullable: false,
    unit: 'text',
    range: '`tensor`, `exact`',
    formula: 'given',
    meaning: 'The solver asked for',
    of: ({ instance }) => instance.solver,
  },
  {
    name: 'classes',
    type: 'int32',
    nullable: false,
    unit: 'classes',
    range: '>= 2',
    formula: 'K = sum_j k_j',
    meaning: 'K, the classes of all clusters together',
    of: ({ instance }) => classCount(instance.clusters),
  },
  {
    name: 'cluster_classes',
    type: 'list<int32>',
    nullable: false,
    unit: 'classes',
    range: '>= 1',
    formula: 'k_j, j = 1..J',
    meaning:
      'k_j, the classes of cluster j = 1..J; clusters stand from the most samples to the fewest',
    of: ({ instance }) => instance.clusters.map(([classes]) => classes),
  },
  {
    name: 'cluster_samples',
    type: 'list<int64>',
    nullable: false,
    unit: 'samples',
    range: '>= 1, descending',
    formula: 'n_j, j = 1..J',
    meaning: 'n_j, the samples of each class of cluster j',
    of: ({ instance }) => instance.clusters.map(([, samples]) => samples),
  },
  {
    name: 'samples_total',
    type: 'int64',
    nullable: false,
    unit: 'samples',
    range: '>= 2',
    formula: 'N = sum_j k_j n_j',
    meaning: 'N = sum_j k_j n_j',
    of: ({ instance }) => sampleCount(instance.clusters),
  },
  {
    name: 'majority_classes',
    type: 'int32',
    nullable: false,
    unit: 'classes',
    range: '>= 1',
    formula: 'k_A = k_1',
    meaning: 'k_A, the classes of the first cluster, which has the most samples',
    of: ({ instance }) => majority(instance)[0],
  },
  {
    name: 'majority_samples',
    type: 'int64',
    nullable: false,
    unit: 'samples',
    range: '>= 1',
    formula: 'n_A = n_1',
    meaning: 'n_A, the samples of each class of the first cluster',
    of: ({ instance }) => majority(instance)[1],
  },
  {
    name: 'minority_classes',
    type: 'int32',
    nullable: false,
    unit: 'classes',
    range: '>= 1',
    formula: 'k_B = k_J',
    meaning: 'k_B, the classes of the last cluster; the first one when all classes are of one size',
    of: ({ instance }) => minority(instance)[0],
  },
  {
    name: 'minority_samples',
    type: 'int64',
    nullable: false,
    unit: 'samples',
    range: '>= 1',
    formula: 'n_B = n_J',
    meaning: 'n_B, the samples of each class of the last cluster',
    of: ({ instance }) => minority(instance)[1],
  },
  {
    name: 'imbalance_ratio',
    type: 'float64',
    nullable: false,
    unit: '1',
    range: '>= 1',
    formula: 'r = n_A / n_B',
    meaning: 'r = n_A / n_B',
    of: ({ instance }) => majority(instance)[1] / minority(instance)[1],
  },
  {
    name: 'lambda_w',
    type: 'float64',
    nullable: false,
    unit: '1',
    range: '>= 0',
    formula: 'lW, given',
    meaning: 'Weight of |W|^2 / 2; 0 where W is bounded or fixed instead',
    of: ({ instance }) => instance.lambdaW,
  },
  {
    name: 'lambda_h',
    type: 'float64',
    nullable: false,
    unit: '1',
    range: '>= 0',
    formula: 'lH, given',
    meaning: 'Weight of |H|^2 / 2; 0 where H is bounded instead',
    of: ({ instance }) => instance.lambdaH,
  },
  {
    name: 'lambda',
    type: 'float64',
    nullable: false,
    unit: '1',
    range: '>= 0',
    formula: 'sqrt(lW lH)',
    meaning: 'sqrt(lambda_w lambda_h), on which alone the minimum of Z depends where W is learned',
    of: ({ instance }) => jointLambda(instance),
  },
  {
    name: 'lambda_b',
    type: 'float64',
    nullable: true,
    unit: '1',
    range: '>= 0',
    formula: 'lb, given',
    meaning: 'Weight of |b|^2 / 2; 0 is a free bias; null without a bias',
    of: ({ instance }) => instance.lambdaB,
  },
  {
    name: 'has_bias',
    type: 'bool',
    nullable: false,
    unit: 'truth',
    range: 'true, false',
    formula: 'lambda_b is not null',
    meaning: 'Whether the model has a bias',
    of: ({ instance }) => instance.lambdaB !== null,
  },
  {
    name: 'feature_dimension',
    type: 'int32',
    nullable: false,
    unit: '1',
    range: '>= 1',
    formula: 'd, given',
    meaning: 'd, the length of a feature',
    of: ({ instance }) => instance.featureDimension,
  },
  {
    name: 'seed',
    type: 'int64',
    nullable: true,
    unit: '1',
    range: '>= 0',
    formula: 'given',
    meaning: 'Seed of the random start; null for the exact solver, which has none',
    of: ({ instance }) => instance.seed,
  },
  {
    name: 'tolerance',
    type: 'float64',
    nullable: false,
    unit: '1',
    range: '> 0',
    formula: 'given',
    meaning: 'relative_gap at which a solution counts as certified',
    of: ({ instance }) => instance.tolerance,
  },
  {
    name: 'polish',
    type: 'bool',
    nullable: false,
    unit: 'truth',
    range: 'true, false',
    formula: 'given',
    meaning:
      'Whether a float64 polish was to go on where the tensor solver fell short of the tolerance',
    of: ({ instance }) => instance.polish,
  },
  {
    name: 'threshold_theory',
    type: 'float64',
    nullable: true,
    unit: '1',
    range: '> 0',
    formula: 'delta_B omega_B sqrt(n_B / phi_B) / N (t_own - t_same)',
    meaning:
      'The lambda from which on theory has the minority collapsed, sqrt(n_B) / N without remedies, and sqrt((K - 1) / K) times that with nonnegative features; an overlay, never used by an estimate; null for a minority of one class, and where there is no closed form: margins, nonnegative features with a bias, norm bounds, a fixed classifier',
    of: ({ instance }) => minorityThreshold(instance),
  },
  {
    name: 'lambda_over_threshold',
    type: 'float64',
    nullable: true,
    unit: '1',
    range: '> 0',
    formula: 'lambda / threshold_theory',
    meaning: 'lambda / threshold_theory; null where that is',
    of: ({ instance }) => {
      const threshold = minorityThreshold(instance);
      return threshold === null ? null : jointLambda(instance) / threshold;
    },
  },
] as const satisfies readonly Column[];

function majority({ clusters }: Instance): Cluster {
  return clusters[0]!;
}

function minority({ clusters }: Instance): Cluster {
  return clusters.at(-1)!;
}

function jointLambda({ lambdaW, lambdaH }: Instance): number {
  return Math.sqrt(lambdaW * lambdaH);
}

/** A class alone has nothing to collapse with. */
function minorityThreshold(instance: Instance): number | null {
  const { clusters, lambdaB, features, margins } = instance;
  const isKnown = margins === undefined && (features === undefined || lambdaB === null);
  if (!isKnown || !hasThreshold(instance) || minority(instance)[0] < 2) return null;
  return predictedThreshold(instance, clusters.length - 1);
}
