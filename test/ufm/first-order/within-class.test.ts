import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../study/instance.js';
import type { Remedies } from '../../../study/remedies.js';
import { balance } from '../../../ufm/first-order/balance.js';
import { layOut } from '../../../ufm/first-order/layout.js';
import { withinClassVariability } from '../../../ufm/first-order/within-class.js';
import { uniform } from '../random-instances.js';
import { exampleInstance } from './example.js';

/** NC1 of given balanced features, a row a sample, class after class. */
function variabilityOf(
  features: number[][],
  clusters: readonly Cluster[],
  remedies: Remedies = {},
) {
  const instance = exampleInstance({
    ...remedies,
    form: 'per-sample',
    clusters,
    featureDimension: 2,
  });
  const problem = balance(instance);
  const layout = layOut(problem);
  const vector = new Float64Array(layout.end);
  vector.set(features.flat(), layout.featureOffset);
  return withinClassVariability(instance, problem, vector)!;
}

describe('withinClassVariability', () => {
  it('is zero when every feature equals its class mean', () => {
    const found = variabilityOf(
      [
        [1, 0],
        [1, 0],
        [-1, 0],
      ],
      [
        [1, 2],
        [1, 1],
      ],
    );
    expect(found).toEqual({ traceRatio: 0, pseudoinverse: 0 });
  });

  it('compares the scatter within classes with the scatter of their means', () => {
    // Means (3, 0) and (-3, 0), spread 1 along both axes within each class: Sw = I/2, Sb = diag(9, 0).
    const offsets = [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const;
    const features = [3, -3].flatMap((center) => offsets.map(([x, y]) => [center + x, y]));
    const found = variabilityOf(features, [[2, 4]]);
    expect(found.traceRatio).toBeCloseTo(1 / 9, 7);
    expect(found.pseudoinverse).toBeCloseTo(0.5 / 9 / 2, 7);
  });

  it('is infinite against class means that coincide', () => {
    const found = variabilityOf(
      [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ],
      [[2, 2]],
    );
    expect(found.traceRatio).toBe(Infinity);
    expect(found.pseudoinverse).toBe(0);
  });

  it('is that of the features themselves where penalties weight them by class', () => {
    const random = uniform(1);
    const clusters = [
      [2, 3],
      [1, 2],
    ] as const;
    const features = Array.from({ length: 8 }, () => [random(), random()]);
    const plain = variabilityOf(features, clusters);
    const balanced = features.map((h, row) => h.map((x) => x * Math.sqrt(row < 6 ? 0.25 : 9)));
    const penalized = variabilityOf(balanced, clusters, { featurePenalties: [0.25, 9] });
    expect(penalized.traceRatio).toBeCloseTo(plain.traceRatio, 12);
    expect(penalized.pseudoinverse).toBeCloseTo(plain.pseudoinverse, 12);
  });

  it('is nothing for class means', () => {
    const instance = exampleInstance();
    const problem = balance(instance);
    const layout = layOut(problem);
    const vector = new Float64Array(layout.end);
    expect(withinClassVariability(instance, problem, vector)).toBeNull();
  });
});
