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
});
