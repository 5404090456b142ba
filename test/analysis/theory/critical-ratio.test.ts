import { describe, expect, it } from 'vitest';
import { transitionsOf } from '../../../analysis/transitions.js';
import type { Cluster } from '../../../study/instance.js';
import { solveBatch } from '../../../ufm/solve.js';
import { predictedPlace } from '../../../analysis/prediction.js';
import { criticalRatio } from '../../../analysis/theory/critical-ratio.js';
import { instanceOf } from '../../ufm/reference-instances.js';

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

describe('theory beside the rows of a study', () => {
  const clusters: readonly Cluster[] = [
    [5, 1200],
    [5, 100],
  ];
  const collapse = transitionsOf(clusters)[0]!;
  const placeOf = (along: 'imbalanceRatio' | 'majoritySamples' | 'lambda', point: object) => {
    const stated = { clusters, lambda: 1e-3, lambdaB: null, x: 12, ...point };
    return predictedPlace(collapse, along, [stated]);
  };

  it('has the critical ratio under norm bounds, and no lambda', () => {
    const bounds = { lambda: 0, boundW: 1, boundH: 5 };
    expect(placeOf('imbalanceRatio', bounds)).toBeCloseTo(12.19245, 5);
    expect(placeOf('majoritySamples', bounds)).toBeCloseTo(1219.245, 3);
    expect(placeOf('lambda', bounds)).toBeNull();
  });

  it('has the thresholds of squared error and of nonnegative features without a bias', () => {
    const plain = Math.sqrt(100) / 6500;
    const features = 'nonnegative';
    expect(placeOf('lambda', { x: 1e-3, loss: 'squared-error' })).toBeCloseTo(plain, 12);
    expect(placeOf('lambda', { x: 1e-3, features })).toBeCloseTo(Math.sqrt(0.9) * plain, 12);
    expect(placeOf('lambda', { x: 1e-3, features, lambdaB: 0 })).toBeNull();
    expect(placeOf('imbalanceRatio', { features })).toBeCloseTo((Math.sqrt(0.9) * 100 - 5) / 5, 9);
  });
});
