import { describe, expect, it } from 'vitest';
import type { Instance } from '../../study/instance.js';
import { isSpecial, misfitOf } from '../../study/misfit.js';
import { PLAIN as EXACT } from './plain-instance.js';

const PLAIN: Instance = { ...EXACT, polish: true, seed: 1 };
const SQUARED = { loss: 'squared-error' } as const;
const RELU = { features: 'nonnegative' } as const;
const FIXED = { classifier: 'fixed-etf', lambdaW: 0 } as const;
const BOUNDED = { boundW: 1, boundH: 2, lambdaW: 0, lambdaH: 0 } as const;

const weights = { classWeights: [1, 2] };
const remedies = {
  margins: { margins: [0, 1] },
  logitScales: { logitScales: [1, 2] },
  logitAdjustment: { logitAdjustment: 1 },
  featurePenalties: { featurePenalties: [1, 2] },
  labelSmoothing: { labelSmoothing: 0.1 },
  labelNoise: { labelNoise: 0.1 },
} as const;
const ofLabels = [remedies.labelSmoothing, remedies.labelNoise];
const ofLogits = ['margins', 'logitScales', 'logitAdjustment'] as const;

const misfit = (change: Partial<Instance>) => misfitOf({ ...PLAIN, ...change });

describe('names that go together', () => {
  it.each<[string, Partial<Instance>]>([
    ['the plain model', {}],
    ['the tensor solver with every remedy', { ...weights, ...Object.assign({}, ...Object.values(remedies)), solver: 'tensor', form: 'per-sample', lambdaB: 0.02 }],
    ['squared error with soft labels and a free bias', { ...SQUARED, ...ofLabels[0], ...ofLabels[1], lambdaB: 0 }],
    ['squared error with two penalties', { ...SQUARED, lambdaW: 0.1 }],
    ['nonnegative features with weights and a bias', { ...RELU, ...weights, lambdaB: 0.02 }],
    ['a fixed classifier with weights', { ...FIXED, ...weights }],
    ['norm bounds with weights', { ...BOUNDED, ...weights }],
  ])('are %s', (_, change) => {
    expect(misfit(change)).toBeNull();
  }); // prettier-ignore

  it('are told apart from models with a solver of their own', () => {
    expect(isSpecial({ ...PLAIN, ...weights, ...remedies.margins })).toBe(false);
    for (const model of [SQUARED, RELU, FIXED, BOUNDED]) {
      expect(isSpecial({ ...PLAIN, ...model })).toBe(true);
    }
  });
});

describe('a name that a model has no use for', () => {
  it.each([
    ['squared error', SQUARED, ['classWeights', 'featurePenalties', ...ofLogits]],
    ['nonnegative features', RELU, Object.keys(remedies)],
    ['a fixed classifier', FIXED, Object.keys(remedies)],
    ['norm bounds', BOUNDED, Object.keys(remedies)],
  ])('is told with the reason: %s', (name, model, unused) => {
    for (const field of unused) {
      const change = { ...weights, ...remedies }[field as 'margins'] as object;
      const value = field === 'classWeights' ? weights : change;
      expect(misfit({ ...model, ...value }), field).toEqual({
        field,
        reason: expect.stringMatching(`^has no use with ${name}: .{20}`) as string,
      });
    }
  });

  it.each([
    ['squared error', { ...SQUARED, lambdaB: 0.02 }],
    ['a fixed classifier', { ...FIXED, lambdaB: 0 }],
    ['norm bounds', { ...BOUNDED, lambdaB: 0.02 }],
  ])('is a bias, to %s', (name, change) => {
    expect(misfit(change)).toEqual({
      field: 'lambdaB',
      reason: expect.stringMatching(`^has no use with ${name}: `) as string,
    });
  });

  it('is a weight of what is fixed or bounded', () => {
    expect(misfit({ ...FIXED, lambdaW: 0.1 })?.field).toBe('lambdaW');
    expect(misfit({ ...BOUNDED, lambdaH: 0.1 })?.field).toBe('lambdaH');
  });

  it('is the form per sample, to a fixed classifier', () => {
    expect(misfit({ ...FIXED, form: 'per-sample' })?.field).toBe('form');
  });
});

describe('a model with a solver of its own', () => {
  it.each([
    [SQUARED, 'loss'],
    [RELU, 'features'],
    [FIXED, 'classifier'],
    [BOUNDED, 'boundW'],
  ])('is not for the tensor solver: %j', (model, field) => {
    expect(misfit({ ...model, solver: 'tensor' })).toEqual({
      field,
      reason: expect.stringMatching('needs the solver `exact`') as string,
    });
  });

  it('is alone', () => {
    const models = [BOUNDED, SQUARED, RELU, FIXED];
    for (const [i, one] of models.entries()) {
      for (const other of models.slice(i + 1)) {
        expect(misfit({ ...one, ...other })?.reason).toMatch(/^cannot be had together with /);
      }
    }
  });

  it('has both bounds', () => {
    expect(misfit({ boundH: 1, lambdaW: 0, lambdaH: 0 })?.field).toBe('boundW');
    expect(misfit({ boundW: 1, lambdaW: 0, lambdaH: 0 })?.field).toBe('boundH');
  });
});

it('label noise is below (K - 1) / K, where labels say nothing any more', () => {
  expect(misfit({ labelNoise: 0.899 })).toBeNull();
  expect(misfit({ labelNoise: 0.9 })?.reason).toMatch('must be below (K - 1) / K = 0.9');
  expect(misfit({ clusters: [[2, 5]], labelNoise: 0.5 })?.field).toBe('labelNoise');
});
