import type { Instance } from '../../../study/instance.js';

/** A small imbalanced instance for the tensor solver, with whatever a test wants otherwise. */
export function exampleInstance(change: Partial<Instance> = {}): Instance {
  return {
    clusters: [
      [2, 50],
      [3, 10],
    ],
    lambdaW: 0.004,
    lambdaH: 0.004,
    lambdaB: 0.02,
    featureDimension: 5,
    form: 'class-means',
    solver: 'tensor',
    tolerance: 1e-6,
    polish: false,
    seed: 1,
    ...change,
  };
}
