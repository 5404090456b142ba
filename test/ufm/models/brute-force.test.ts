import { describe, expect, it } from 'vitest';
import type { Cluster, Instance } from '../../../study/instance.js';
import { solveBatch } from '../../../ufm/solve.js';
import { instanceOf } from '../reference-instances.js';
import { leastByDescent } from './brute-force.js';

const CLUSTERS: readonly Cluster[] = [
  [2, 30],
  [2, 8],
  [1, 3],
];

/** Penalties of different weights, as factors see them apart. */
function statedWith(lambda: number, lambdaB: number | null, changes: Partial<Instance>): Instance {
  return instanceOf(CLUSTERS, lambda, lambdaB, {
    lambdaW: 2 * lambda,
    lambdaH: lambda / 2,
    featureDimension: 5,
    ...changes,
  });
}

/** Twice the features that are needed: with fewer many descents end where classes share them. */
const NONNEGATIVE = { features: 'nonnegative', featureDimension: 10 } as const;
const SQUARED = { loss: 'squared-error' } as const;
const NOISY = { ...SQUARED, labelSmoothing: 0.1, labelNoise: 0.15 };
const FIXED = { classifier: 'fixed-etf', lambdaW: 0 } as const;
const WEIGHTED = { classWeights: [0.6, 1.5, 3] };

/** Squares of what lambda is to each cluster's threshold go from 0.1 to 2. */
const INSTANCES: readonly (readonly [string, Instance])[] = [
  ['squared error, no bias, weak penalties', statedWith(0.01, null, SQUARED)],
  ['squared error, no bias, strong penalties', statedWith(0.045, null, SQUARED)],
  ['squared error, a free bias, weak penalties', statedWith(0.01, 0, SQUARED)],
  ['squared error, a free bias, strong penalties', statedWith(0.04, 0, SQUARED)],
  ['squared error, smoothed and noisy targets, no bias', statedWith(0.02, null, NOISY)],
  ['squared error, smoothed and noisy targets, a free bias', statedWith(0.02, 0, NOISY)],
  ['nonnegative features, no bias', statedWith(0.01, null, NONNEGATIVE)],
  ['nonnegative features, no bias, some of them zero', statedWith(0.03, null, NONNEGATIVE)],
  ['nonnegative features, class weights', statedWith(0.02, null, { ...NONNEGATIVE, ...WEIGHTED })],
  ['nonnegative features, a bias', statedWith(0.02, 0.2, NONNEGATIVE)],
  [
    'nonnegative features, a bias and class weights',
    statedWith(0.015, 0.3, { ...NONNEGATIVE, ...WEIGHTED }),
  ],
  ['a fixed classifier, weak penalties', statedWith(0, null, { ...FIXED, lambdaH: 1e-3 })],
  ['a fixed classifier, strong penalties', statedWith(0, null, { ...FIXED, lambdaH: 0.1 })],
  [
    'a fixed classifier, class weights',
    statedWith(0, null, { ...FIXED, ...WEIGHTED, lambdaH: 0.01 }),
  ],
  ['norm bounds', statedWith(0, null, { lambdaW: 0, lambdaH: 0, boundW: 1, boundH: 4 })],
  ['small norm bounds', statedWith(0, null, { lambdaW: 0, lambdaH: 0, boundW: 0.5, boundH: 1 })],
  [
    'norm bounds, class weights',
    statedWith(0, null, { ...WEIGHTED, lambdaW: 0, lambdaH: 0, boundW: 1, boundH: 3 }),
  ],
];

describe('the optimum that is certified', () => {
  it.each(INSTANCES)('is the least that descents of W, H and b find: %s', async (_, instance) => {
    const [solution] = await solveBatch([instance], { device: 'cpu' });
    expect(solution).toMatchObject({ status: 'certified', message: null });
    const least = leastByDescent(instance, 4, 5000);
    expect(least).toBeGreaterThanOrEqual(solution!.lowerBound! - 1e-14);
    expect(least / solution!.objective!).toBeCloseTo(1, 7);
  });
});

describe('the bound of what is not certified', () => {
  it.each([0.004, 0.02])(
    'is below what descents find with features that classes share, and the objective is above: lambda = %f',
    async (lambda) => {
      const instance = statedWith(lambda, 0, NONNEGATIVE);
      const [solution] = await solveBatch([instance], { device: 'cpu' });
      expect(solution!.status).toBe('uncertified');
      expect(solution!.message).toMatch(/share a feature/);
      const least = leastByDescent(instance, 6, 4000);
      expect(least).toBeGreaterThan(solution!.lowerBound!);
      expect(least).toBeLessThan(solution!.objective! * (1 - 1e-5));
    },
  );
});
