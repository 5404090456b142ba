import type { Cluster, Form, Instance, Problem, SolverKind } from '../study/instance.js';
import type { ColumnName } from './columns.js';
import type { PlainRow } from './plain-row.js';

/** The columns that hold what a problem has besides its clusters, with the names there. */
const ASIDE = [
  ['class_weights', 'classWeights'],
  ['label_smoothing', 'labelSmoothing'],
  ['label_noise', 'labelNoise'],
  ['logit_adjustment', 'logitAdjustment'],
  ['margins', 'margins'],
  ['logit_scales', 'logitScales'],
  ['feature_penalties', 'featurePenalties'],
  ['bound_w', 'boundW'],
  ['bound_h', 'boundH'],
  ['loss', 'loss'],
  ['features', 'features'],
  ['classifier', 'classifier'],
] as const satisfies readonly (readonly [column: ColumnName, name: keyof Problem])[];

/** The columns that a row's problem is made of, all that `problemOfRow` needs. */
export const PROBLEM_COLUMNS = [
  'cluster_classes',
  'cluster_samples',
  ...ASIDE.map(([column]) => column),
] as const;

/** The columns that a row's instance is made of, all that `instanceOfRow` needs. */
export const INSTANCE_COLUMNS = [
  ...PROBLEM_COLUMNS,
  'lambda_w',
  'lambda_h',
  'lambda_b',
  'feature_dimension',
  'form',
  'solver',
  'tolerance',
  'polish',
  'seed',
] as const;

/** The problem that a stored row is of. Versions that did not know a column knew nothing of what it holds. */
export function problemOfRow(row: PlainRow): Problem {
  const samples = row['cluster_samples'] as readonly number[];
  const clusters = (row['cluster_classes'] as readonly number[]).map((classes, j): Cluster => [
    classes,
    samples[j]!,
  ]);
  const aside: Record<string, unknown> = {};
  for (const [column, name] of ASIDE) {
    const value = row[column];
    if (value !== null && value !== undefined) aside[name] = value;
  }
  return { clusters, ...aside };
}

/** The instance that a stored row is of: solving it again is what made the row, on another machine perhaps. */
export function instanceOfRow(row: PlainRow): Instance {
  return {
    ...problemOfRow(row),
    lambdaW: row['lambda_w'] as number,
    lambdaH: row['lambda_h'] as number,
    lambdaB: row['lambda_b'] as number | null,
    featureDimension: row['feature_dimension'] as number,
    form: row['form'] as Form,
    solver: row['solver'] as SolverKind,
    tolerance: row['tolerance'] as number,
    polish: row['polish'] as boolean,
    seed: row['seed'] as number | null,
  };
}
