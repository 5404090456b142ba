import { describe, expect, it } from 'vitest';
import type { Cluster, Problem } from '../../study/instance.js';
import { firstThreshold, hasThreshold, predictedThreshold } from '../../study/theory.js';

const clusters: Cluster[] = [
  [3, 50],
  [3, 10],
];
const both = (problem: Omit<Problem, 'clusters'>): [number, number] => [
  predictedThreshold({ clusters, ...problem }, 0),
  predictedThreshold({ clusters, ...problem }, 1),
];

describe('the threshold of a plain cluster', () => {
  it('is sqrt(n) / N, bit for bit', () => {
    for (let n = 1; n < 2000; n += 7) {
      const profile: Cluster[] = [
        [4, 2000],
        [3, n],
      ];
      expect(predictedThreshold({ clusters: profile }, 1)).toBe(Math.sqrt(n) / (8000 + 3 * n));
      expect(firstThreshold({ clusters: profile })).toBe(Math.sqrt(n) / (8000 + 3 * n));
    }
  });
});

describe('remedies', () => {
  const [majority, minority] = both({});

  // Values of derivations that CVXPY has confirmed: K = 3 + 3, n = 50 and 10.
  it.each([
    ['weights by an exponent of 1 make the majority collapse first', { classWeights: [0.6, 3] }, [0.02357, 0.0527]],
    ['layer-peeled penalties', { featurePenalties: [0.02, 0.1] }, [50 / 180, 10 / 180]],
  ] as const)('move the threshold: %s', (_, remedies, [first, second]) => {
    const [a, b] = both(remedies);
    expect(a).toBeCloseTo(first, 5);
    expect(b).toBeCloseTo(second, 5);
  }); // prettier-ignore

  it('scale it by the temperature, the smoothing and the noise', () => {
    expect(both({ logitScales: [1, 0.5] })).toEqual([majority, minority / 2]);
    expect(both({ labelSmoothing: 0.05 })[1]).toBeCloseTo(0.016689798761999778, 15);
    expect(both({ labelNoise: 0.05 })[1]).toBeCloseTo(0.016514116669768198, 15);
    expect(both({ labelNoise: 0.05, labelSmoothing: 0.5 })[1]).toBeCloseTo(0.016514116669768198 / 2, 15); // prettier-ignore
  });

  it('leave it where it is: logit adjustment, squared error, margins, which have no closed form', () => {
    expect(both({ logitAdjustment: -1 })).toEqual([majority, minority]);
    expect(both({ loss: 'squared-error' })).toEqual([majority, minority]);
    expect(both({ margins: [0.3, 0.5] })).toEqual([majority, minority]);
  });

  it('of nonnegative features are at sqrt((K - 1) / K) times it', () => {
    expect(both({ features: 'nonnegative' })[1]).toBeCloseTo(Math.sqrt(5 / 6) * minority, 15);
  });
});

describe('the first collapse', () => {
  it('is that of the least threshold, which need not be that of the fewest samples', () => {
    expect(firstThreshold({ clusters })).toBe(Math.sqrt(10) / 180);
    const classWeights = [0.6, 3];
    expect(firstThreshold({ clusters, classWeights })).toBe((0.6 * Math.sqrt(50)) / 180);
  });

  it('is of clusters that two classes share, if there are any', () => {
    const tail: Cluster[] = [
      [2, 500],
      [1, 100],
    ];
    expect(firstThreshold({ clusters: tail })).toBe(Math.sqrt(500) / 1100);
    expect(firstThreshold({ clusters: [[1, 500], [1, 100]] })).toBe(Math.sqrt(100) / 600); // prettier-ignore
  });
});

it('a fixed classifier and norm bounds have no threshold', () => {
  expect(hasThreshold({ clusters })).toBe(true);
  expect(hasThreshold({ clusters, loss: 'squared-error' })).toBe(true);
  expect(hasThreshold({ clusters, classifier: 'fixed-etf' })).toBe(false);
  expect(hasThreshold({ clusters, boundW: 1, boundH: 1 })).toBe(false);
});
