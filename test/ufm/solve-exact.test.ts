import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../study/instance.js';
import { solveBatch } from '../../ufm/solve.js';
import { instanceOf } from './reference-instances.js';

const clusters: readonly Cluster[] = [
  [3, 500],
  [7, 100],
];

async function solveWith(featureDimension: number) {
  const instance = instanceOf(clusters, 5e-3, 0.02, { featureDimension });
  const [solution] = await solveBatch([instance], { device: 'cpu' });
  return solution!;
}

describe('an exact instance', () => {
  it('is certified with as many features as the optimal rank, and says the same with more', async () => {
    const enough = await solveWith(3);
    const plenty = await solveWith(10);
    expect(plenty).toMatchObject({ status: 'certified', rank: 3, collapsed: [false, true] });
    expect({ ...enough, seconds: 0 }).toEqual({ ...plenty, seconds: 0 });
  });

  it('fails with fewer, and says what to do', async () => {
    const solution = await solveWith(2);
    expect(solution.status).toBe('failed');
    expect(solution.objective).toBeNull();
    expect(solution.message).toMatch(/rank 3.*2 features.*solver: tensor.*at least 3 features/);
  });

  it('is not certified with fewer features than its optimum is proved to need, however small their part', async () => {
    // The minority's singular values are a millionth of the majority's; its contrast is there for certain all the same.
    const small: readonly Cluster[] = [
      [2, 1e12],
      [4, 1],
    ];
    const lambda = 0.8 / (2e12 + 4);
    const solve = async (featureDimension: number) => {
      const instance = instanceOf(small, lambda, null, { featureDimension, tolerance: 1e-6 });
      const [solution] = await solveBatch([instance], { device: 'cpu' });
      return solution!;
    };
    const enough = await solve(6);
    expect(enough).toMatchObject({ status: 'certified', collapsed: [false, false] });
    expect(enough.rank).toBeGreaterThanOrEqual(4);
    const few = await solve(2);
    expect(few.status).toBe('failed');
    expect(few.message).toMatch(/rank [45].*2 features/);
  });

  it('is not certified where the proof leaves open whether the features suffice, and says so', async () => {
    // So close to the threshold of the minority nothing decides whether it has collapsed.
    const lambda = (Math.sqrt(100) / 2200) * (1 + 1e-13);
    const instance = instanceOf(clusters, lambda, 0.02, { featureDimension: 3 });
    const [solution] = await solveBatch([instance], { device: 'cpu' });
    expect(solution).toMatchObject({ status: 'uncertified', rank: 3 });
    expect(solution!.relativeGap).toBeLessThan(1e-12);
    expect(solution!.message).toMatch(/3 features.*at most 9.*at least 9 features/);
  });
});
