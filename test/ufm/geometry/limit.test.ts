import { describe, expect, it } from 'vitest';
import type { Cluster, Instance } from '../../../study/instance.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { geometryOfBlocks, type Geometry } from '../../../ufm/geometry.js';
import { limitLogits } from '../../../ufm/geometry/limit-logits.js';
import { convexProblem } from '../../../ufm/problem.js';
import { instanceOf } from '../reference-instances.js';

/** Five majority and five minority classes. */
function halves(ratio: number): Cluster[] {
  return [
    [5, 100 * ratio],
    [5, 100],
  ];
}

function limitOf(instance: Instance): Geometry {
  return geometryOfBlocks(instance, limitLogits(convexProblem(instance))!);
}

function solved(instance: Instance): Geometry {
  return geometryOfBlocks(instance, solveExact(instance).blocks);
}

function distances({ seliDistanceW, seliDistanceH, seliDistanceZ }: Geometry): number[] {
  return [seliDistanceW!, seliDistanceH!, seliDistanceZ!];
}

describe('the limit of vanishing regularization', () => {
  // Found by CVXPY as the solution of the max-margin problem.
  it.each([
    [2, null, [0.16, 0.1615, 0]],
    [10, null, [0.4474, 0.4769, 0]],
    [100, null, [0.6339, 0.7054, 0]],
    [2, 0, [0.1615, 0.16, 0.0345]],
    [10, 0, [0.4769, 0.4474, 0.1931]],
    [100, 0, [0.7054, 0.6339, 0.2656]],
  ])(
    'has the distances from the ETF that a max-margin solver finds: ratio %d, lambdaB %s',
    (ratio, lambdaB, expected) => {
      const { etfDistanceW, etfDistanceH, etfDistanceZ } = limitOf(
        instanceOf(halves(ratio), 1e-3, lambdaB),
      );
      [etfDistanceW, etfDistanceH, etfDistanceZ].forEach((distance, at) => {
        expect(distance).toBeCloseTo(expected[at]!, 3.9);
      });
    },
  );

  it.each([
    ['without a bias', null, {}],
    ['with a free bias', 0, {}],
    [
      'with class weights and a logit adjustment',
      null,
      { classWeights: [0.5, 5.5], logitAdjustment: 1 },
    ],
    ['with feature penalties', null, { featurePenalties: [0.002, 0.1] }],
    ['with feature penalties and a free bias', 0, { featurePenalties: [0.002, 0.1] }],
    ['with logit scales', null, { logitScales: [1, 0.6] }],
    ['with margins', null, { margins: [0.2, 0.5] }],
  ])('is where the optimum goes %s', (_, lambdaB, remedies) => {
    const at = (lambda: number) =>
      distances(solved(instanceOf(halves(10), lambda, lambdaB, remedies)));
    const [near, nearer] = [at(1e-40), at(1e-160)];
    for (const [side, distance] of nearer.entries()) {
      expect(distance).toBeLessThan(0.02);
      // As the inverse of the logarithm of lambda.
      if (near[side]! > 1e-6) expect(distance).toBeLessThan(0.4 * near[side]!);
    }
    expect(distances(limitOf(instanceOf(halves(10), 1e-3, lambdaB, remedies)))).toEqual([
      expect.closeTo(0, 7),
      expect.closeTo(0, 7),
      expect.closeTo(0, 7),
    ]);
  });

  it('is not known with a free bias and logit scales', () => {
    const instance = instanceOf(halves(10), 1e-3, 0, { logitScales: [1, 0.6] });
    expect(solved(instance).seliDistanceW).toBeNull();
    expect(solved(instance).etfDistanceW).not.toBeNull();
  });
});

describe('distances of Gram matrices', () => {
  it('are zero from the orthogonal frame for features in proportion to it', () => {
    // Z = I in a profile without imbalance: W and H are orthogonal, each row of W its feature.
    const instance = instanceOf([[4, 50]], 1e-3, null);
    const geometry = geometryOfBlocks(instance, {
      contrast: Float64Array.of(1),
      mean: Float64Array.of(1 / 4),
      bias: null,
    });
    expect(geometry.orthogonalDistanceW).toBeCloseTo(0, 7);
    expect(geometry.orthogonalDistanceH).toBeCloseTo(0, 7);
    expect(geometry.orthogonalDistanceZ).toBeCloseTo(0, 7);
    expect(geometry.selfDualityDistance).toBeCloseTo(0, 7);
  });

  it('tell an ETF from the orthogonal frame by its mean alone', () => {
    const { orthogonalDistanceW, etfDistanceW } = solved(instanceOf([[4, 50]], 1e-3, null));
    expect(etfDistanceW).toBeCloseTo(0, 7);
    // I / sqrt(K) and C / sqrt(K - 1): their product is sqrt((K - 1) / K).
    expect(orthogonalDistanceW).toBeCloseTo(Math.sqrt(2 - 2 * Math.sqrt(3 / 4)), 7);
  });

  it('say that W and H are self-dual without imbalance, and are not with it', () => {
    expect(solved(instanceOf([[10, 50]], 1e-3, 0.02)).selfDualityDistance).toBeCloseTo(0, 7);
    const { selfDualityDistance } = solved(instanceOf(halves(10), 1e-4, null));
    expect(selfDualityDistance).toBeGreaterThan(0.1);
  });

  it('are null where nothing is left', () => {
    const gone = solved(instanceOf(halves(10), 1, null));
    expect(gone.orthogonalDistanceW).toBeNull();
    expect(gone.seliDistanceZ).toBeNull();
    expect(gone.selfDualityDistance).toBeNull();
  });
});
