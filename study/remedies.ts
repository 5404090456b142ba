/**
 * What is done against the imbalance. In the cross entropy of a sample of class k, with n_k samples of N in K classes,
 *
 *     CE_k = omega_k CE(delta o (W h + b) + iota_k, t_k),    iota_ik = tau log(n_i / N) - m_k [i = k]
 *
 * and in the penalty of its feature, phi_k lambdaH/2 |h|^2. A name that is absent is not used: the omega_k, delta_k and
 * phi_k are 1, tau and the m_k are 0, and t_k is e_k. Lists have one entry for each cluster. An instance whose names all
 * change nothing has none of them, so that equal problems have equal keys.
 */
export interface Remedies {
  /** omega, > 0: weights of the loss. */
  readonly classWeights?: readonly number[];
  /** alpha in [0, 1): targets (1 - alpha) e_k + alpha / K, of labels that may be noisy besides. */
  readonly labelSmoothing?: number;
  /** eta in [0, (K - 1) / K): the probability that a label is another class's, each with equal probability. */
  readonly labelNoise?: number;
  /** tau: times log(n_i / N) is added to the logit of class i (Menon et al., arXiv:2007.07314). */
  readonly logitAdjustment?: number;
  /** m, >= 0: taken off the logit of the sample's own class (LDAM, Cao et al., arXiv:1906.07413). */
  readonly margins?: readonly number[];
  /** delta, > 0: multiply the logits of a class (CDT, Ye et al., arXiv:2001.01385; VS, Kini et al., arXiv:2103.01550). */
  readonly logitScales?: readonly number[];
  /** phi, > 0: multiply the weight of the features of a class; 1 / n is the scaling of layer-peeled models. */
  readonly featurePenalties?: readonly number[];
}

/** The names of the lists, in the order of the alphabet. */
export const REMEDY_LISTS = [
  'classWeights',
  'featurePenalties',
  'logitScales',
  'margins',
] as const satisfies readonly (keyof Remedies)[];

export type RemedyList = (typeof REMEDY_LISTS)[number];

/** The names of the numbers. */
export const REMEDY_NUMBERS = [
  'labelNoise',
  'labelSmoothing',
  'logitAdjustment',
] as const satisfies readonly (keyof Remedies)[];

export const REMEDY_NAMES = [...REMEDY_LISTS, ...REMEDY_NUMBERS];

export function isRemedyList(name: string): name is RemedyList {
  return (REMEDY_LISTS as readonly string[]).includes(name);
}

/** Whether anything is done against the imbalance. */
export function hasRemedies(problem: Remedies): boolean {
  return REMEDY_NAMES.some((name) => problem[name] !== undefined);
}
