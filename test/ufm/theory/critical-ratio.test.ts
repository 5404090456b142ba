import { describe, expect, it } from 'vitest';
import { solveBatch } from '../../../ufm/solve.js';
import { criticalRatio } from '../../../ufm/theory/critical-ratio.js';
import { instanceOf } from '../reference-instances.js';

/** So many samples of a minority class that ratios are all but any number. */
const MINORITY = 1e9;

describe('the critical ratio of the layer-peeled model', () => {
  it.each([
    [3, 245.49693],
    [5, 12.19245],
    [7, 4.00047],
  ])('is what docs/reproduction.md brackets with %i majority classes of ten', (kA, ratio) => {
    expect(Math.abs(criticalRatio(kA, 10 - kA, 10 * Math.sqrt(5))! / ratio - 1)).toBeLessThan(2e-6);
  });

  it.each([
    [3, 7, 1, 5],
    [5, 5, 1, 5],
    [7, 3, 1, 5],
    [2, 4, 0.5, 8],
    [10, 20, 1, 2],
    [60, 40, 2, 2],
  ])(
    'is where certified rows change: %i and %i classes, E_W = %f, E_H = %f',
    async (kA, kB, boundW, boundH) => {
      const critical = criticalRatio(kA, kB, (kA + kB) * Math.sqrt(boundW * boundH))!;
      const rows = [1 - 1e-5, 1 + 1e-5].map((factor) =>
        instanceOf(
          [
            [kA, Math.round(MINORITY * critical * factor)],
            [kB, MINORITY],
          ],
          0,
          null,
          { boundW, boundH },
        ),
      );
      const [below, above] = await solveBatch(rows, { device: 'cpu' });
      expect(below).toMatchObject({ status: 'certified', collapsed: [false, false] });
      expect(above).toMatchObject({ status: 'certified', collapsed: [false, true] });
    },
  );
});
