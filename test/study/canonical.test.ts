import { describe, expect, it } from 'vitest';
import {
  canonicalClusters,
  canonicalInstance,
  canonicalProblem,
  placesIn,
} from '../../study/canonical.js';
import type { Instance, Problem } from '../../study/instance.js';
import { pointKey } from '../../study/key.js';
import { PLAIN } from './plain-instance.js';

const keyOf = (change: Partial<Instance>): string =>
  pointKey(canonicalInstance({ ...PLAIN, ...change }), 1);

describe('clusters', () => {
  it('are sorted by samples, and merged where counts are equal', () => {
    expect(canonicalClusters([[2, 10], [3, 50], [1, 10]])).toEqual([[3, 50], [3, 10]]); // prettier-ignore
  });

  it('take the numbers of lists with them', () => {
    const problem: Problem = {
      clusters: [[2, 10], [3, 50], [1, 20]],
      classWeights: [3, 1, 2],
      margins: [0.3, 0.1, 0.2],
    }; // prettier-ignore
    expect(canonicalProblem(problem)).toEqual({
      clusters: [[3, 50], [1, 20], [2, 10]],
      classWeights: [1, 2, 3],
      margins: [0.1, 0.2, 0.3],
    }); // prettier-ignore
  });

  it('of equal counts stay apart where a list tells them apart, and merge where none does', () => {
    const problem: Problem = {
      clusters: [[1, 10], [2, 10], [4, 10], [8, 50]],
      logitScales: [0.5, 0.5, 0.25, 1],
    }; // prettier-ignore
    expect(canonicalProblem(problem)).toEqual({
      clusters: [[8, 50], [3, 10], [4, 10]],
      logitScales: [1, 0.5, 0.25],
    }); // prettier-ignore
  });

  it('are in one order, however they were written', () => {
    const written = [0, 1, 2, 3, 4];
    const classes = [1, 2, 3, 4, 5];
    const samples = [10, 10, 10, 20, 10];
    const weights = [2, 1, 2, 1, 3];
    const margins = [0.1, 0.5, 0.2, 0, 0.1];
    const orders = [written, written.toReversed(), [3, 1, 4, 0, 2], [2, 4, 1, 3, 0]];
    const problems = orders.map((order) =>
      canonicalProblem({
        clusters: order.map((j) => [classes[j]!, samples[j]!]),
        classWeights: order.map((j) => weights[j]!),
        margins: order.map((j) => margins[j]!),
      }),
    );
    expect(problems[0]!.clusters).toEqual([[4, 20], [5, 10], [3, 10], [1, 10], [2, 10]]); // prettier-ignore
    for (const problem of problems) expect(problem).toEqual(problems[0]);
  });

  it('are found again from those that were written', () => {
    const stated: Problem = {
      clusters: [[1, 10], [2, 50], [4, 10], [1, 10]],
      margins: [0, 0, 1, 0],
    }; // prettier-ignore
    const canonical = canonicalProblem(stated);
    expect(canonical.clusters).toEqual([[2, 50], [4, 10], [2, 10]]); // prettier-ignore
    expect(placesIn(canonical, stated)).toEqual([2, 0, 1, 2]);
    const idle = { ...stated, margins: [0, 0, 0, 0] };
    expect(placesIn(canonicalProblem(idle), idle)).toEqual([1, 0, 1, 1]);
  });
});

describe('a remedy that changes nothing', () => {
  it.each<[string, Partial<Instance>]>([
    ['weights of 1', { classWeights: [1, 1] }],
    ['margins of 0', { margins: [0, 0] }],
    ['margins of -0', { margins: [-0, 0] }],
    ['scales of 1', { logitScales: [1, 1] }],
    ['penalties of 1', { featurePenalties: [1, 1] }],
    ['no smoothing', { labelSmoothing: 0 }],
    ['no noise', { labelNoise: 0 }],
    ['no adjustment', { logitAdjustment: 0 }],
    ['an adjustment by -0', { logitAdjustment: -0 }],
  ])('is absent, and the key is that of the plain instance: %s', (_, change) => {
    expect(canonicalInstance({ ...PLAIN, ...change })).toEqual(PLAIN);
    expect(keyOf(change)).toBe(keyOf({}));
  });

  it('is an adjustment where all classes have as many samples: it adds the same to every logit', () => {
    const even = { clusters: [[10, 100]] } as const;
    expect(keyOf({ ...even, logitAdjustment: 2 })).toBe(keyOf(even));
    const apart = { clusters: [[5, 100], [5, 100]], margins: [1, 0] } as const; // prettier-ignore
    expect(keyOf({ ...apart, logitAdjustment: 2 })).toBe(keyOf(apart));
    expect(keyOf({ logitAdjustment: 2 })).not.toBe(keyOf({}));
  });
});

describe('a remedy that changes something', () => {
  const changes: Partial<Instance>[] = [
    { classWeights: [1, 2] },
    { classWeights: [2, 2] },
    { featurePenalties: [1, 2] },
    { featurePenalties: [2, 2] },
    { logitScales: [1, 2] },
    { logitScales: [0.5, 0.5] },
    { margins: [1, 2] },
    { margins: [2, 2] },
    { labelSmoothing: 0.1 },
    { labelNoise: 0.1 },
    { logitAdjustment: 1 },
    { logitAdjustment: -1 },
    { loss: 'squared-error' },
    { features: 'nonnegative' },
    { classifier: 'fixed-etf' },
    { boundW: 1, boundH: 2 },
    { boundW: 2, boundH: 1 },
  ];

  it('is kept, and has a key of its own', () => {
    for (const change of changes) expect(canonicalInstance({ ...PLAIN, ...change })).toMatchObject(change); // prettier-ignore
    const keys = [{}, ...changes].map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('leaves the instance canonical: a second time nothing changes', () => {
    for (const change of changes) {
      const canonical = canonicalInstance({ ...PLAIN, ...change });
      expect(canonicalInstance(canonical)).toEqual(canonical);
    }
  });
});
