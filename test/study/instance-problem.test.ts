import { describe, expect, it } from 'vitest';
import { instanceProblem } from '../../study/instance-problem.js';
import type { Instance } from '../../study/instance.js';
import { PLAIN } from './plain-instance.js';

const INSTANCE: Instance = { ...PLAIN, polish: true, seed: 1, solver: 'tensor' };

describe('an instance of a file', () => {
  it.each([
    ['as it is', {}],
    ['with a free bias', { lambdaB: 0 }],
    ['without a random start', { solver: 'exact', polish: false, seed: null }],
    ['of as many classes and samples as there may be', { clusters: [[1000, 1e12]] }],
    ['of the longest features', { featureDimension: 10_000 }],
    ['with as many features as a batch holds', { form: 'per-sample', clusters: [[2, 1_000_000]] }],
    ['whose lambda came to zero', { lambdaW: 0, lambdaH: 0 }],
    [
      'with remedies',
      { classWeights: [0.6, 3], margins: [0, 100], labelNoise: 0.1, logitAdjustment: -100 },
    ],
    ['with the least and the largest factors', { logitScales: [1e15, 1e-15] }],
    ['with clusters that a list tells apart', { clusters: [[5, 100], [5, 100]], margins: [1, 0.5] }], // prettier-ignore
    ['of another model', { classifier: 'fixed-etf', lambdaW: 0, solver: 'exact' }],
    ['of norm bounds', { boundW: 1, boundH: 1e12, lambdaW: 0, lambdaH: 0, solver: 'exact' }],
  ])('may be one %s', (_, change) => {
    expect(instanceProblem({ ...INSTANCE, ...change })).toBeNull();
  });

  it.each([
    ['clusters', 7],
    ['clusters', null],
    ['clusters', []],
    ['clusters', [5, 500]],
    ['clusters', [[5]]],
    ['clusters', [[1, 500]]],
    ['clusters', [[1e9, 500]]],
    ['clusters', [[600, 500], [600, 400]]], // prettier-ignore
    ['clusters', Array.from({ length: 1001 }, (_, k) => [1, 2000 - k])],
    ['clusters', [[5, 1e13]]],
    ['clusters', [[5, 0]]],
    ['clusters', [[5, 1.5]]],
    ['clusters', [['5', 500]]],
    ['clusters', [[5, 100], [5, 500]]], // prettier-ignore
    ['clusters', [[5, 500], [5, 500]]], // prettier-ignore
    ['featureDimension', 1e9],
    ['featureDimension', 0],
    ['featureDimension', '10'],
    ['form', 'neither'],
    ['solver', 'toString'],
    ['lambdaW', -0.01],
    ['lambdaH', 1e999],
    ['lambdaH', NaN],
    ['lambdaW', 'NaN'],
    ['lambdaW', null],
    ['lambdaB', -1],
    ['lambdaB', []],
    ['tolerance', 0],
    ['tolerance', 1],
    ['polish', 'yes'],
    ['seed', -1],
    ['seed', 2 ** 32],
    ['classWeights', [1]],
    ['classWeights', [1, 0]],
    ['classWeights', 2],
    ['classWeights', [1, '2']],
    ['classWeights', null],
    ['featurePenalties', [1, 1e16]],
    ['logitScales', [1, NaN]],
    ['logitScales', { exponent: 1 }],
    ['margins', [0, -1]],
    ['margins', [0, 101]],
    ['labelSmoothing', 1],
    ['labelSmoothing', -0.1],
    ['labelNoise', '0.1'],
    ['labelNoise', 0.9],
    ['logitAdjustment', 101],
    ['boundW', 0],
    ['boundH', 1e13],
    ['loss', 'cross-entropy'],
    ['loss', 'hinge'],
    ['features', true],
    ['classifier', null],
  ])('may not have %s of %j', (field, value) => {
    expect(instanceProblem({ ...INSTANCE, [field]: value })).toMatch(new RegExp(`^${field} is `));
  });

  it.each([
    ['that nothing tells apart', [1, 1]],
    ['in another order', [0.5, 1]],
  ])('may not have two clusters of equal counts %s', (_, margins) => {
    const clusters = [[5, 100], [5, 100]]; // prettier-ignore
    expect(instanceProblem({ ...INSTANCE, clusters, margins })).toMatch(/^clusters is /);
  });

  it('may not have names that do not go together', () => {
    const squared = { ...INSTANCE, loss: 'squared-error', solver: 'exact', polish: false, seed: null }; // prettier-ignore
    expect(instanceProblem(squared)).toBeNull();
    expect(instanceProblem({ ...squared, margins: [0, 1] })).toMatch(/^margins has no use/);
    expect(instanceProblem({ ...squared, solver: 'tensor' })).toMatch(/^loss needs the solver/);
    expect(instanceProblem({ ...squared, lambdaB: 0.1 })).toMatch(/^lambdaB has no use/);
  });

  it('may not have more features than a batch holds', () => {
    const perSample = { ...INSTANCE, form: 'per-sample' as const };
    expect(instanceProblem({ ...perSample, clusters: [[10, 1e9]] })).toMatch(/^form is .*N x d/);
  });

  it('has every field, and shows little of one that is wrong', () => {
    for (const field of Object.keys(INSTANCE)) {
      const lacking = { ...INSTANCE, [field]: undefined };
      expect(instanceProblem(lacking)).toMatch(new RegExp(`^${field} is missing`));
    }
    expect(instanceProblem({ ...INSTANCE, clusters: 'x'.repeat(1e6) })!.length).toBeLessThan(300);
    for (const value of [null, 7, 'text']) expect(instanceProblem(value)).toMatch(/the instance/);
    expect(instanceProblem([])).toMatch(/^clusters is missing/);
  });
});
