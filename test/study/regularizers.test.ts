import { describe, expect, it } from 'vitest';
import type { Cluster, Problem } from '../../study/instance.js';
import { regularizersOf } from '../../study/regularizers.js';

const clusters: Cluster[] = [
  [5, 500],
  [5, 100],
];
const problem: Problem = { clusters };

describe('the regularizers', () => {
  it('are lambda for W and H alike', () => {
    expect(regularizersOf({ lambda: 0.01 }, problem)).toEqual({
      lambdaW: 0.01,
      lambdaH: 0.01,
      lambdaB: null,
    });
  });

  it('are lambda over N samples', () => {
    expect(regularizersOf({ lambdaTimesN: 3 }, problem)).toMatchObject({
      lambdaW: 1e-3,
      lambdaH: 1e-3,
    });
  });

  it('are lambda over the square root of N samples', () => {
    const { lambdaW, lambdaH } = regularizersOf({ lambdaTimesSqrtN: 3 }, problem);
    expect([lambdaW, lambdaH]).toEqual([3 / Math.sqrt(3000), 3 / Math.sqrt(3000)]);
  });

  it('are one for each of W and H', () => {
    expect(regularizersOf({ lambdaW: 1, lambdaH: 2 }, problem)).toMatchObject({
      lambdaW: 1,
      lambdaH: 2,
    });
  });

  it('are in units of the threshold of the smallest cluster that can collapse', () => {
    const unit = { lambdaOverThreshold: 1 };
    expect(regularizersOf(unit, problem).lambdaW).toBeCloseTo(Math.sqrt(100) / 3000, 15);
    // A single class has no contrast to lose: the next larger cluster counts.
    expect(
      regularizersOf(unit, {
        clusters: [
          [2, 500],
          [1, 100],
        ],
      }).lambdaW,
    ).toBeCloseTo(Math.sqrt(500) / 1100, 15);
    expect(
      regularizersOf(unit, {
        clusters: [
          [1, 500],
          [1, 100],
        ],
      }).lambdaW,
    ).toBeCloseTo(Math.sqrt(100) / 600, 15);
  });

  it('tell a free bias from no bias', () => {
    expect(regularizersOf({ lambda: 1, lambdaB: 0 }, problem).lambdaB).toBe(0);
    expect(regularizersOf({ lambda: 1, lambdaB: 'none' }, problem).lambdaB).toBeNull();
  });
});
