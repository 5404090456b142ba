import { readFileSync } from 'node:fs';
import type { Cluster, Instance } from '../../study/instance.js';

/** Instances solved by others (CVXPY with CLARABEL, then a Newton polish) to a duality gap of 1e-11. */
export interface ReferenceInstance {
  readonly id: number;
  readonly tag: string;
  readonly clusters: readonly Cluster[];
  readonly lambda: number;
  /** Weight of |b|^2, half of lambdaB. */
  readonly reg_b: number | null;
  readonly objective: number;
  readonly dual: number;
  readonly singular_values: readonly number[];
  readonly rank: number;
  /** Keyed by cluster, A the first; and cosines by pair of clusters too. */
  readonly collapsed: Readonly<Record<string, boolean>>;
  readonly cos_W: Readonly<Record<string, number | null>>;
  readonly cos_H: Readonly<Record<string, number | null>>;
  readonly cos_Z_rows: Readonly<Record<string, number | null>>;
  readonly norm_W: Readonly<Record<string, number>>;
  readonly norm_H: Readonly<Record<string, number>>;
  /** K x K, row i the logit of class i. */
  readonly Z: readonly (readonly number[])[];
  readonly bias: readonly number[] | null;
}

export const REFERENCE_INSTANCES = JSON.parse(
  readFileSync(new URL('reference/instances.json', import.meta.url), 'utf8'),
) as readonly ReferenceInstance[];

/** An exactly solved instance with lambdaW = lambdaH, all features that it needs, and the rest as given. */
export function instanceOf(
  clusters: readonly Cluster[],
  lambda: number,
  lambdaB: number | null,
  changes: Partial<Instance> = {},
): Instance {
  return {
    clusters,
    lambdaW: lambda,
    lambdaH: lambda,
    lambdaB,
    featureDimension: clusters.reduce((sum, [classes]) => sum + classes, 0),
    form: 'class-means',
    solver: 'exact',
    tolerance: 1e-9,
    polish: true,
    seed: null,
    ...changes,
  };
}

export function referenceInstance({ clusters, lambda, reg_b }: ReferenceInstance): Instance {
  return instanceOf(clusters, lambda, reg_b === null ? null : 2 * reg_b);
}

/** The name of cluster j in the reference's tables. */
export function clusterName(j: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + j);
}
