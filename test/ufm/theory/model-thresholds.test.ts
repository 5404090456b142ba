import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../study/instance.js';
import { solveBatch } from '../../../ufm/solve.js';
import {
  nonnegativeThreshold,
  squaredErrorThreshold,
} from '../../../ufm/theory/model-thresholds.js';
import { uniform } from '../random-instances.js';
import { randomModel } from '../models/random-models.js';

const COUNT = 200;

/** Flags of a random cluster at its threshold, a millionth below and above. */
async function flagsAround(name: string, thresholdOf: (instance: Instance, j: number) => number) {
  const random = uniform(31);
  const asked: { readonly instance: Instance; readonly j: number; readonly isAbove: boolean }[] =
    [];
  while (asked.length < 2 * COUNT) {
    const instance = randomModel(name, random);
    const j = Math.floor(instance.clusters.length * random());
    if (name === 'squared error' && instance.clusters[j]![0] === 1) continue;
    if (name === 'nonnegative features' && instance.lambdaB !== null) continue;
    for (const isAbove of [false, true]) {
      const lambda = thresholdOf(instance, j) * (isAbove ? 1 + 1e-6 : 1 - 1e-6);
      asked.push({ instance: { ...instance, lambdaW: lambda, lambdaH: lambda }, j, isAbove });
    }
  }
  const rows = await solveBatch(
    asked.map(({ instance }) => instance),
    { device: 'cpu' },
  );
  return rows.map(({ collapsed }, i) => {
    const { j, isAbove } = asked[i]!;
    return { flag: collapsed![j], isAbove, told: JSON.stringify({ ...asked[i], ...rows[i] }) };
  });
}

describe('the threshold of squared error', () => {
  it('is where certified flags change, with and without a bias, smoothing and noise', async () => {
    const flags = await flagsAround('squared error', ({ clusters, ...instance }, j) => {
      const { labelSmoothing = 0, labelNoise = 0 } = instance;
      const K = clusters.reduce((sum, [k]) => sum + k, 0);
      const lead = (1 - labelSmoothing) * (1 - (labelNoise * K) / (K - 1));
      return squaredErrorThreshold(clusters, clusters[j]![1], lead);
    });
    for (const { flag, isAbove, told } of flags) expect(flag, told).toBe(isAbove);
  });
});

describe('the threshold of nonnegative features', () => {
  it('is where certified flags change, with and without class weights, for clusters of one class, too', async () => {
    const flags = await flagsAround('nonnegative features', ({ clusters, classWeights }, j) =>
      nonnegativeThreshold(clusters, clusters[j]![1], classWeights?.[j]),
    );
    for (const { flag, isAbove, told } of flags) expect(flag, told).toBe(isAbove);
  });
});
