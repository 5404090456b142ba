import { z } from 'zod';
import { AXES } from '../study/axes.js';
import { canonicalInstance, canonicalProblem } from '../study/canonical.js';
import { classCount } from '../study/instance.js';
import type { Cluster, Form, Instance, Problem, SolverKind } from '../study/instance.js';
import { LARGEST_CLASS_COUNT } from '../study/limits.js';
import { isSpecial, misfitOf } from '../study/misfit.js';
import type { Finding } from '../study/problems.js';
import { REMEDY_LISTS } from '../study/remedies.js';
import { bound, factorOfCluster, margin } from '../study/remedy-axes.js';
import { solverSchema } from '../study/schema.js';
import { wrongLength } from '../study/stated-remedies.js';

const { kind, tolerance, polish } = solverSchema.shape;

/** One line of `ufm-sweep solve`: an instance as JSON, within the bounds of a study file. */
export const lineSchema = z
  .strictObject({
    id: z.unknown().optional(),
    clusters: (AXES.clusters.value as z.ZodType<readonly Cluster[]>).check(({ value, issues }) => {
      const classes = issues.length > 0 ? 2 : classCount(value);
      if (classes >= 2 && classes <= LARGEST_CLASS_COUNT) return;
      const message = `must have 2 to ${LARGEST_CLASS_COUNT} classes, not ${classes}`;
      issues.push({ code: 'custom', input: value, message });
    }),
    lambda: AXES.lambda.number!.optional(),
    lambda_W: AXES.lambdaW.number!.optional(),
    lambda_H: AXES.lambdaH.number!.optional(),
    lambda_b: AXES.lambdaB.number!.nullable().default(null),
    class_weights: z.array(factorOfCluster).optional(),
    label_smoothing: AXES.labelSmoothing.number!.optional(),
    label_noise: AXES.labelNoise.number!.optional(),
    logit_adjustment: AXES.logitAdjustment.number!.optional(),
    margins: z.array(margin).optional(),
    logit_scales: z.array(factorOfCluster).optional(),
    feature_penalties: z.array(factorOfCluster).optional(),
    bound_w: bound.optional(),
    bound_h: bound.optional(),
    loss: z.enum(['cross-entropy', 'squared-error']).optional(),
    features: z.enum(['signed', 'nonnegative']).optional(),
    classifier: z.enum(['learned', 'fixed-etf']).optional(),
    feature_dim: AXES.featureDimension.number!.optional(),
    form: (AXES.form.value as z.ZodType<Form>).default('class-means'),
    solver: kind.unwrap().optional(),
    seed: AXES.seed.number!.default(1),
    tolerance: tolerance.unwrap().optional(),
    polish: polish.unwrap().optional(),
  })
  .refine(saysOneThing, {
    error:
      'give either "lambda" or both "lambda_W" and "lambda_H", or norm bounds as both "bound_w" and "bound_h"',
  });

type WantedLine = z.infer<typeof lineSchema>;

export interface LineDefaults {
  readonly tolerance: number;
  readonly polish: boolean;
}

/** What keeps W and H small is said once, and whole. A fixed W has no weight. */
function saysOneThing(line: {
  readonly lambda?: number | undefined;
  readonly lambda_W?: number | undefined;
  readonly lambda_H?: number | undefined;
  readonly bound_w?: number | undefined;
  readonly bound_h?: number | undefined;
  readonly classifier?: string | undefined;
}): boolean {
  const { lambda_W, lambda_H, bound_w, bound_h } = line;
  const weights = lambda_W !== undefined || lambda_H !== undefined;
  const bounds = bound_w !== undefined || bound_h !== undefined;
  if ([line.lambda !== undefined, weights, bounds].filter(Boolean).length !== 1) return false;
  const isFixed = line.classifier === 'fixed-etf';
  if (weights) return lambda_H !== undefined && (isFixed || lambda_W !== undefined);
  return !bounds || (bound_w !== undefined && bound_h !== undefined);
}

/** The names of a line that have another one in an instance. */
const LINE_NAMES: Partial<Record<keyof Instance, keyof WantedLine>> = {
  lambdaW: 'lambda_W',
  lambdaH: 'lambda_H',
  lambdaB: 'lambda_b',
  classWeights: 'class_weights',
  labelSmoothing: 'label_smoothing',
  labelNoise: 'label_noise',
  logitAdjustment: 'logit_adjustment',
  logitScales: 'logit_scales',
  featurePenalties: 'feature_penalties',
  boundW: 'bound_w',
  boundH: 'bound_h',
  featureDimension: 'feature_dim',
};

/** An instance as it was asked for, and in its canonical form. */
interface RequestedInstance {
  readonly stated: Problem;
  readonly instance: Instance;
}

/** The instance that a line asks for, or why its names are none together. */
export function requestedInstance(
  wanted: WantedLine,
  defaults: LineDefaults,
): RequestedInstance | { readonly finding: Finding } {
  const refused = (field: keyof Instance, message: string) => {
    const path = [LINE_NAMES[field] ?? field];
    return { finding: { code: 'impossible', path, message, at: 'key' } as const };
  };
  const stated = statedProblem(wanted);
  for (const name of REMEDY_LISTS) {
    const numbers = stated[name]?.length ?? stated.clusters.length;
    if (numbers !== stated.clusters.length) return refused(name, wrongLength(numbers, stated.clusters)); // prettier-ignore
  }
  const problem = canonicalProblem(stated);
  const isFixed = problem.classifier !== undefined;
  const weight = wanted.lambda ?? 0;
  const instance: Instance = {
    ...problem,
    lambdaW: wanted.lambda_W ?? (isFixed ? 0 : weight),
    lambdaH: wanted.lambda_H ?? weight,
    lambdaB: wanted.lambda_b,
    featureDimension: wanted.feature_dim ?? classCount(wanted.clusters),
    form: wanted.form,
    solver: wanted.solver ?? solverFor(wanted, problem),
    tolerance: wanted.tolerance ?? defaults.tolerance,
    polish: wanted.polish ?? defaults.polish,
    seed: wanted.seed,
  };
  const misfit = misfitOf(instance);
  if (misfit !== null) return refused(misfit.field, misfit.reason);
  return { stated, instance: canonicalInstance(instance) };
}

/** Exact where it applies. */
function solverFor({ form, feature_dim }: WantedLine, problem: Problem): SolverKind {
  if (isSpecial(problem)) return 'exact';
  return form === 'class-means' && feature_dim === undefined ? 'exact' : 'tensor';
}

function statedProblem(wanted: WantedLine): Problem {
  const { clusters, margins, loss, features, classifier } = wanted;
  const stated: { readonly [Name in keyof Problem]-?: Problem[Name] | undefined } = {
    clusters,
    classWeights: wanted.class_weights,
    labelSmoothing: wanted.label_smoothing,
    labelNoise: wanted.label_noise,
    logitAdjustment: wanted.logit_adjustment,
    margins,
    logitScales: wanted.logit_scales,
    featurePenalties: wanted.feature_penalties,
    boundW: wanted.bound_w,
    boundH: wanted.bound_h,
    loss: loss === 'squared-error' ? loss : undefined,
    features: features === 'nonnegative' ? features : undefined,
    classifier: classifier === 'fixed-etf' ? classifier : undefined,
  };
  return Object.fromEntries(
    Object.entries(stated).filter(([, value]) => value !== undefined),
  ) as unknown as Problem;
}
