import { classCount, type Instance, type Problem } from './instance.js';

/** A name of an instance that does not go with its others. */
export interface Misfit {
  readonly field: keyof Instance;
  /** Reads on after the name: `has no use with squared error: ...`. */
  readonly reason: string;
}

/** A model of its own: it takes the place of cross entropy of a learned classifier under penalties. */
interface SpecialModel {
  /** The names by which it is known, the first to blame. */
  readonly marks: readonly (keyof Instance)[];
  /** In words. */
  readonly name: string;
  /** The names that it has no use for, with the reason. */
  readonly unused: readonly (readonly [names: readonly (keyof Instance)[], reason: string])[];
  /** Whether it has no use for such a bias, by `lambdaB`, and why. */
  readonly bias: readonly [isUnused: (lambdaB: number) => boolean, reason: string];
}

const OF_LOGITS = ['margins', 'logitScales', 'logitAdjustment'] as const;
const OF_LABELS = ['labelSmoothing', 'labelNoise'] as const;

const FIXED_CLASSIFIER: SpecialModel = {
  marks: ['classifier'],
  name: 'a fixed classifier',
  unused: [
    [['lambdaW'], 'it has no W to weigh; give lambdaH, or lambda in its place'],
    [
      [...OF_LOGITS, ...OF_LABELS, 'featurePenalties'],
      'its classes are solved one by one, for cross entropy and class weights only',
    ],
  ],
  bias: [() => true, 'it is a model without a bias'],
};

const SPECIAL_MODELS: readonly SpecialModel[] = [
  {
    marks: ['boundW', 'boundH'],
    name: 'norm bounds',
    unused: [
      [['lambdaW', 'lambdaH'], 'bounds take the place of penalties'],
      [
        [...OF_LOGITS, ...OF_LABELS, 'featurePenalties'],
        'under them only cross entropy with class weights is solved',
      ],
    ],
    bias: [() => true, 'it is a model without a bias'],
  },
  {
    marks: ['loss'],
    name: 'squared error',
    unused: [
      [OF_LOGITS, 'it changes logits in the softmax, and squared error has none'],
      [
        ['classWeights', 'featurePenalties'],
        'its minimum has a closed form only where all samples weigh alike',
      ],
    ],
    bias: [
      (lambdaB) => lambdaB > 0,
      'its minimum has a closed form only without a bias and with a free one (0)',
    ],
  },
  {
    marks: ['features'],
    name: 'nonnegative features',
    unused: [
      [
        [...OF_LOGITS, ...OF_LABELS, 'featurePenalties'],
        'for them only cross entropy with class weights is solved',
      ],
    ],
    bias: [() => false, ''],
  },
  FIXED_CLASSIFIER,
];

/**
 * A name that has no use beside the others, or is beyond what the others allow; null where all go together. The instance
 * need not be canonical, but what changes nothing has to be gone: a smoothing of 0 goes with everything.
 */
export function misfitOf(instance: Instance): Misfit | null {
  const { labelNoise } = instance;
  if (labelNoise !== undefined) {
    const K = classCount(instance.clusters);
    if (labelNoise >= (K - 1) / K) {
      const most = `(K - 1) / K = ${(K - 1) / K}`;
      return { field: 'labelNoise', reason: `is ${labelNoise}; it must be below ${most}, where labels say nothing` }; // prettier-ignore
    }
  }
  if (!isSpecial(instance)) return null;
  const [model, other] = SPECIAL_MODELS.filter((special) => isOf(instance, special));
  if (model === undefined) return null;
  if (other !== undefined) {
    return { field: other.marks[0]!, reason: `cannot be had together with ${model.name}` };
  }
  return misfitOfModel(instance, model);
}

/**
 * Whether a problem is of a model that has a solver of its own, which goes by the name `exact`. By hand: every point of every
 * shard passes through here.
 */
export function isSpecial({ boundW, boundH, loss, features, classifier }: Problem): boolean {
  return (
    loss !== undefined ||
    features !== undefined ||
    classifier !== undefined ||
    boundW !== undefined ||
    boundH !== undefined
  );
}

function isOf(problem: Partial<Instance>, { marks }: SpecialModel): boolean {
  return marks.some((name) => isSet(problem, name));
}

function misfitOfModel(instance: Instance, model: SpecialModel): Misfit | null {
  const { marks, name, unused, bias } = model;
  const absent = marks.find((mark) => !isSet(instance, mark));
  if (absent !== undefined) return { field: absent, reason: 'is missing beside the other bound' };
  for (const [fields, reason] of unused) {
    const field = fields.find((each) => isSet(instance, each));
    if (field !== undefined) return { field, reason: `has no use with ${name}: ${reason}` };
  }
  const [isUnused, reason] = bias;
  if (instance.lambdaB !== null && isUnused(instance.lambdaB)) {
    return { field: 'lambdaB', reason: `has no use with ${name}: ${reason}` };
  }
  if (model === FIXED_CLASSIFIER && instance.form === 'per-sample') {
    return { field: 'form', reason: `cannot be per-sample with ${name}: it is solved for class means, where its one minimum is` }; // prettier-ignore
  }
  if (instance.solver === 'exact') return null;
  return { field: marks[0]!, reason: `needs the solver \`exact\`: no other one has ${name}` };
}

/** Weights of 0 are those of penalties that a model does not have. */
function isSet(instance: Partial<Instance>, name: keyof Instance): boolean {
  const value = instance[name];
  return value !== undefined && value !== 0;
}
