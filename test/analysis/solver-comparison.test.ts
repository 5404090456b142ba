import { describe, expect, it } from 'vitest';
import { compareSolvers } from '../../analysis/solver-comparison.js';
import { solvedSlices } from './solved-slices.js';
import { bySolver, gridOf, range } from './synthetic.js';

const lambdas = range(0.0021, 0.0102, 28);
const grid = bySolver(gridOf({ lambda: lambdas, seed: [1, 2] }, { locate: 'lambda' }));
const slices = await solvedSlices(grid, 'lambda');

describe('compareSolvers', () => {
  const found = compareSolvers([grid], slices);

  it('puts each transition of gradient descent beside that of the exact solver', () => {
    expect(found.map(({ transition }) => transition)).toEqual([
      'minority-collapse',
      'minority-mean',
      'total-collapse',
    ]);
    for (const { slice, seeds, exact, empirical, difference, agree } of found) {
      expect(slice).toBe('all');
      expect(seeds).toBe(2);
      expect(agree).toBe(true);
      expect(difference).toBe(empirical.estimate! - exact.estimate!);
      expect(Math.abs(difference!)).toBeLessThan(1e-5);
    }
  });

  it('does not call equal what certificates keep apart', () => {
    const moved = slices.map((slice) =>
      slice.name === 'solverKind=exact'
        ? slice
        : {
            ...slice,
            thresholds: slice.thresholds.map((each) => ({
              ...each,
              lower: each.lower! + 0.001,
              upper: each.upper! + 0.001,
            })),
          },
    );
    expect(compareSolvers([grid], moved).map(({ agree }) => agree)).toEqual([false, false, false]);
  });

  it('has nothing to say where one of the two is refused or not there', () => {
    const refused = slices.map((slice) => ({
      ...slice,
      thresholds: slice.thresholds.map((each) => ({
        ...each,
        ...{ lower: null, upper: null, estimate: null, interval: null, refusal: 'why' },
      })),
    }));
    const [first] = compareSolvers([grid], refused);
    expect(first).toMatchObject({ difference: null, agree: null, empirical: { refusal: 'why' } });
    expect(compareSolvers([grid], slices.slice(0, 1))).toEqual([]);
  });
});
