import type { Instance } from '../study/instance.js';
import { isSpecial } from '../study/misfit.js';

/** Why nothing is solved with fewer features than the optimum takes, and what to do. */
export function tooFewFeatures(instance: Instance, least: number): string {
  const { featureDimension } = instance;
  return isSpecial(instance)
    ? `The optimum takes ${least} features, and this point has ${featureDimension}: use at least ${least}.`
    : `The optimum without a limit on features has rank ${least}, and ${featureDimension} features cannot ` +
        `carry it: the problem is not convex there. Use solver: tensor, or at least ${least} features.`;
}

/** Why a point is not certified whose features may be too few, and what to do. */
export function perhapsTooFewFeatures(instance: Instance, enough: number): string {
  const { featureDimension } = instance;
  return isSpecial(instance)
    ? `Whether ${featureDimension} features carry the optimum is not proved: use at least ${enough}.`
    : `Whether ${featureDimension} features carry the optimum is not proved: its rank is at most ` +
        `${enough}. Use solver: tensor, or at least ${enough} features.`;
}
