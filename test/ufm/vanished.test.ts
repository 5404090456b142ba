import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../study/instance.js';
import { solveBatch } from '../../ufm/solve.js';
import { instanceOf } from './reference-instances.js';

async function solveByTensors(clusters: readonly Cluster[], lambda: number) {
  const instance = instanceOf(clusters, lambda, 0.02, {
    solver: 'tensor',
    tolerance: 1e-6,
    polish: false,
    seed: 1,
  });
  const [solution] = await solveBatch([instance], { device: 'cpu' });
  return solution!;
}

describe('cosines of vectors that are zero at the optimum', () => {
  it('are null although the float32 iterate keeps a rest of them', async () => {
    const { collapsed, meanCollapsed, normW, cosW, cosH, cosZ } = await solveByTensors(
      [
        [5, 500],
        [5, 100],
      ],
      0.005,
    );
    expect([collapsed, meanCollapsed]).toEqual([[false, true], true]);
    expect(normW![1]).toBeGreaterThan(0);
    for (const cosines of [cosW!, cosH!, cosZ!]) {
      expect(cosines[0]![0]).toBeCloseTo(-1 / 4, 3);
      expect([cosines[0]![1], cosines[1]![0], cosines[1]![1]]).toEqual([null, null, null]);
    }
  });

  it('are null for one cluster that has collapsed', async () => {
    const { collapsed, cosW } = await solveByTensors([[4, 100]], 0.05);
    expect(collapsed).toEqual([true]);
    expect(cosW).toEqual([[null]]);
  });

  it('are kept where the minority has collapsed but its mean has not', async () => {
    const { collapsed, meanCollapsed, cosW } = await solveByTensors(
      [
        [5, 500],
        [5, 100],
      ],
      0.0036,
    );
    expect([collapsed, meanCollapsed]).toEqual([[false, true], false]);
    expect(cosW![1]![1]).toBeCloseTo(1, 2);
  });
});
