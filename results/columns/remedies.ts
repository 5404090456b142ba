import type { Instance } from '../../study/instance.js';
import type { Column } from './column.js';

const NOT_USED = 'null where it is not used';

/** What is done against the imbalance, and which model it is, where it is not the plain one. J clusters. */
export const REMEDY_COLUMNS = [
  list('class_weights', 'omega_j, j = 1..J', 'Weight of the loss of each class of cluster j', ({ classWeights }) => classWeights),
  number('label_smoothing', '0..1', 'alpha', 'Share of every target that is spread evenly over all classes', ({ labelSmoothing }) => labelSmoothing),
  number('label_noise', '0..(K - 1) / K', 'eta', "Probability that a label is another class's, each with equal probability", ({ labelNoise }) => labelNoise),
  number('logit_adjustment', '-100..100', 'tau', 'tau log(n_k / N) is added to the logit of class k in the loss', ({ logitAdjustment }) => logitAdjustment),
  list('margins', 'm_j, j = 1..J', "Taken off the logit of a sample's own class in the loss, of each class of cluster j", ({ margins }) => margins),
  list('logit_scales', 'delta_j, j = 1..J', 'Factor of the logit of each class of cluster j in the loss', ({ logitScales }) => logitScales),
  list('feature_penalties', 'phi_j, j = 1..J', 'Factor of lambda_h for the features of each class of cluster j', ({ featurePenalties }) => featurePenalties),
  number('bound_w', '> 0', 'E_W', '|W|^2 <= K E_W in place of lambda_w, which is 0 then', ({ boundW }) => boundW),
  number('bound_h', '> 0', 'E_H', 'The mean of |h|^2 over the samples of each class, summed over the classes, <= K E_H in place of lambda_h, which is 0 then', ({ boundH }) => boundH),
  word('loss', 'squared-error', 'Half the mean squared error in place of the mean cross entropy', ({ loss }) => loss),
  word('features', 'nonnegative', 'H >= 0, as a ReLU leaves features', ({ features }) => features),
  word('classifier', 'fixed-etf', 'W is a simplex ETF with rows of norm 1, and lambda_w is 0', ({ classifier }) => classifier),
] as const satisfies readonly Column[]; // prettier-ignore

function list<const Name extends string>(
  name: Name,
  symbols: string,
  meaning: string,
  of: (instance: Instance) => readonly number[] | undefined,
) {
  return {
    name,
    type: 'list<float64>',
    nullable: true,
    unit: '1',
    range: name === 'margins' ? '>= 0' : '> 0',
    formula: `${symbols}, given`,
    meaning: `${meaning}; ${NOT_USED}`,
    of: ({ instance }: { readonly instance: Instance }) => of(instance) ?? null,
  } as const;
}

function number<const Name extends string>(
  name: Name,
  range: string,
  symbol: string,
  meaning: string,
  of: (instance: Instance) => number | undefined,
) {
  return {
    name,
    type: 'float64',
    nullable: true,
    unit: '1',
    range,
    formula: `${symbol}, given`,
    meaning: `${meaning}; ${NOT_USED}`,
    of: ({ instance }: { readonly instance: Instance }) => of(instance) ?? null,
  } as const;
}

function word<const Name extends string>(
  name: Name,
  value: string,
  meaning: string,
  of: (instance: Instance) => string | undefined,
) {
  return {
    name,
    type: 'utf8',
    nullable: true,
    unit: 'text',
    range: `\`${value}\``,
    formula: 'given',
    meaning: `${meaning}; ${NOT_USED}`,
    of: ({ instance }: { readonly instance: Instance }) => of(instance) ?? null,
  } as const;
}
