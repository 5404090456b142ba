import { describe, expect, it } from 'vitest';
import { meanTransition } from '../../../analysis/theory/mean-transition.js';
import { observedRank } from '../../../analysis/theory/rank.js';
import { totalCollapse } from '../../../analysis/theory/total-collapse.js';
import { predictedPlace } from '../../../analysis/prediction.js';
import { transitionsOf } from '../../../analysis/transitions.js';
import type { Instance, Problem } from '../../../study/instance.js';
import { predictedThreshold } from '../../../study/theory.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { randomInstance, uniform } from '../../ufm/random-instances.js';
import { randomMember } from '../../ufm/random-members.js';
import { instanceOf } from '../../ufm/reference-instances.js';

const BIASES = [null, 0, 0.02, 1e-4];

/** The certificate's word on a problem at this lambda. */
function certificateAt(problem: Problem, lambda: number, lambdaB: number | null) {
  const plain = instanceOf(problem.clusters, lambda, lambdaB);
  return solveExact({ ...problem, ...plain }).certificate;
}

/** Random members with so many clusters. */
function* members(seed: number, clusterCount: number, count: number): Generator<Instance> {
  const random = uniform(seed);
  for (let i = 0; i < count; i++) {
    const plain = randomInstance(random, { clusterCount, mostClasses: 30 });
    yield i % 2 === 0 ? plain : randomMember(random, plain);
  }
}

describe('the transition of the minority mean', () => {
  it('is between the points that docs/reproduction.md certifies, along lambda', () => {
    // lambdaB of examples/paper/threshold.yaml is 0.02.
    const halves = {
      clusters: [
        [5, 500],
        [5, 100],
      ],
    } as const;
    expect(meanTransition(halves, 0.02)).toBeCloseTo(0.0039833, 7);
    const few = {
      clusters: [
        [3, 500],
        [7, 100],
      ],
    } as const;
    expect(meanTransition(few, 0.02)).toBeCloseTo(0.0064069, 7);
  });

  it.each([
    [3, 1918.1, 1919.8],
    [5, 106.63, 106.73],
    [7, 37.42, 37.45],
  ])('is between them along the ratio: k_A = %d', (ofA, low, high) => {
    const clusters = [
      [ofA, 1000],
      [10 - ofA, 100],
    ] as const;
    const transition = transitionsOf(clusters).find(({ name }) => name === 'minority-mean')!;
    const point = { clusters, x: 10, lambda: 0.0005, lambdaB: null };
    const place = predictedPlace(transition, 'imbalanceRatio', [point]);
    expect(place).toBeGreaterThan(low);
    expect(place).toBeLessThan(high);
    const samples = predictedPlace(transition, 'majoritySamples', [point]);
    expect(samples).toBeCloseTo(100 * place!, 6);
  });

  it('is where certificates of random members change, with every bias', () => {
    let seen = 0;
    for (const member of members(150, 2, 400)) {
      for (const lambdaB of BIASES) {
        const place = meanTransition(member, lambdaB);
        if (place === null) continue;
        const before = certificateAt(member, place * (1 - 1e-4), lambdaB);
        const after = certificateAt(member, place * (1 + 1e-4), lambdaB);
        expect(before.meanCollapsed, JSON.stringify(member)).not.toBe(true);
        expect(after.meanCollapsed, JSON.stringify(member)).not.toBe(false);
        if (before.meanCollapsed === false && after.meanCollapsed === true) seen++;
      }
    }
    expect(seen).toBeGreaterThan(300);
  });
});

describe('total collapse', () => {
  it('is where the last of Z goes, for any profile and every bias', () => {
    let seen = 0;
    for (let clusterCount = 1; clusterCount <= 5; clusterCount++) {
      for (const member of members(151 + clusterCount, clusterCount, 60)) {
        for (const lambdaB of BIASES) {
          const place = totalCollapse(member, lambdaB);
          const isGone = (lambda: number) => {
            const { rankBound, leastRank } = certificateAt(member, lambda, lambdaB);
            return rankBound === 0 ? true : leastRank > 0 ? false : null;
          };
          expect(isGone(place * (1 - 1e-4)), JSON.stringify(member)).not.toBe(true);
          expect(isGone(place * (1 + 1e-4)), JSON.stringify(member)).not.toBe(false);
          if (isGone(place * (1 - 1e-4)) === false && isGone(place * (1 + 1e-4)) === true) seen++;
        }
      }
    }
    expect(seen).toBeGreaterThan(600);
  });

  it('is the threshold of the majority for two clusters without a bias', () => {
    const problem = {
      clusters: [
        [5, 500],
        [5, 100],
      ],
    } as const;
    expect(totalCollapse(problem, null)).toBeCloseTo(predictedThreshold(problem, 0), 15);
  });
});

describe('the rank observed', () => {
  it('is never at odds with what certificates prove of random profiles', () => {
    const random = uniform(160);
    for (let i = 0; i < 300; i++) {
      const instance = randomInstance(random, { clusterCount: 1 + (i % 6), mostClasses: 30 });
      const [least, most] = observedRank(instance.clusters, instance.lambdaW);
      const { rankBound, leastRank } = solveExact(instance).certificate;
      expect(leastRank, JSON.stringify(instance)).toBeLessThanOrEqual(most);
      expect(rankBound, JSON.stringify(instance)).toBeGreaterThanOrEqual(least);
    }
  });
});
