import type { Instance } from '../../study/instance.js';

/** A canonical instance of the plain model, solved exactly. */
export const PLAIN: Instance = {
  clusters: [
    [5, 500],
    [5, 100],
  ],
  featureDimension: 10,
  form: 'class-means',
  lambdaB: null,
  lambdaH: 0.01,
  lambdaW: 0.01,
  polish: false,
  seed: null,
  solver: 'exact',
  tolerance: 1e-6,
};
