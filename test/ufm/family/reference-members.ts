import { readFileSync } from 'node:fs';
import type { Cluster, Instance } from '../../../study/instance.js';
import { instanceOf } from '../reference-instances.js';

/** A member of the family solved by others (CVXPY with CLARABEL), and an interval that holds its optimum. */
export interface ReferenceMember {
  readonly id: number;
  readonly kind: string;
  readonly low: number;
  readonly high: number;
  /** As a line of `solve` has it. */
  readonly instance: {
    readonly clusters: readonly Cluster[];
    readonly lambda: number;
    readonly lambda_b: number | null;
    readonly class_weights?: readonly number[];
    readonly label_smoothing?: number;
    readonly label_noise?: number;
    readonly logit_adjustment?: number;
    readonly margins?: readonly number[];
    readonly logit_scales?: readonly number[];
    readonly feature_penalties?: readonly number[];
  };
}

export const REFERENCE_MEMBERS = JSON.parse(
  readFileSync(new URL('../reference/family.json', import.meta.url), 'utf8'),
) as readonly ReferenceMember[];

/** The instance of a member, solved exactly unless told otherwise. */
export function memberInstance(
  { instance: line }: ReferenceMember,
  changes: Partial<Instance> = {},
): Instance {
  return instanceOf(line.clusters, line.lambda, line.lambda_b, {
    ...(line.class_weights && { classWeights: line.class_weights }),
    ...(line.label_smoothing && { labelSmoothing: line.label_smoothing }),
    ...(line.label_noise && { labelNoise: line.label_noise }),
    ...(line.logit_adjustment && { logitAdjustment: line.logit_adjustment }),
    ...(line.margins && { margins: line.margins }),
    ...(line.logit_scales && { logitScales: line.logit_scales }),
    ...(line.feature_penalties && { featurePenalties: line.feature_penalties }),
    ...changes,
  });
}
