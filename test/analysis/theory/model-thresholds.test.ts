import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../study/instance.js';
import { predictedThreshold } from '../../../study/theory.js';
import { solveBatch } from '../../../ufm/solve.js';
import { uniform } from '../../ufm/random-instances.js';
import { randomModel } from '../../ufm/models/random-models.js';

const COUNT = 200;

/** Flags of random clusters of problems that `has` admits, a millionth below their thresholds and above. */
async function flagsAround(name: string, has: (instance: Instance, j: number) => boolean) {
  const random = uniform(31);
  const asked: { readonly instance: Instance; readonly j: number; readonly isAbove: boolean }[] =
    [];
  while (asked.length < 2 * COUNT) {
    const instance = randomModel(name, random);
    const j = Math.floor(instance.clusters.length * random());
    if (!has(instance, j)) continue;
    for (const isAbove of [false, true]) {
      const lambda = predictedThreshold(instance, j) * (isAbove ? 1 + 1e-6 : 1 - 1e-6);
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
    const flags = await flagsAround('squared error', ({ clusters }, j) => clusters[j]![0] > 1);
    for (const { flag, isAbove, told } of flags) expect(flag, told).toBe(isAbove);
  });
});

describe('the threshold of nonnegative features without a bias', () => {
  it('is where certified flags change, with and without class weights, for clusters of one class, too', async () => {
    const flags = await flagsAround('nonnegative features', ({ lambdaB }) => lambdaB === null);
    for (const { flag, isAbove, told } of flags) expect(flag, told).toBe(isAbove);
  });
});
