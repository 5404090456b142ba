import type { Form, Instance, SolverKind } from '../study/instance.js';
import type { PlainRow } from './plain-row.js';

/** The columns that a row's instance is made of, all that `instanceOfRow` needs. */
export const INSTANCE_COLUMNS = [
  'cluster_classes',
  'cluster_samples',
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

/** The instance that a stored row is of: solving it again is what made the row, on another machine perhaps. */
export function instanceOfRow(row: PlainRow): Instance {
  const samples = row['cluster_samples'] as readonly number[];
  return {
    clusters: (row['cluster_classes'] as readonly number[]).map((classes, j) => [
      classes,
      samples[j]!,
    ]),
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
