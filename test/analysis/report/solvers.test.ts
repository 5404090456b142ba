import { describe, expect, it } from 'vitest';
import { deviationFigure } from '../../../analysis/report/deviation-figure.js';
import { empiricalFigure } from '../../../analysis/report/empirical-figure.js';
import { objectivesOf } from '../../../analysis/report/objectives.js';
import { pairsOfSolvers } from '../../../analysis/solver-comparison.js';
import { solvedSlices } from '../solved-slices.js';
import { bySolver, gridOf, range } from '../synthetic.js';

const SEEDS = [1, 2, 3];
const grid = bySolver(
  gridOf({ lambda: range(0.0021, 0.0102, 10), seed: SEEDS }, { locate: 'lambda' }),
);
const [solved] = pairsOfSolvers([grid], await solvedSlices(grid, 'lambda'));
/** Each start of "gradient descent" a known way above the exact solution. */
const moved = {
  ...solved!,
  tensor: {
    ...solved!.tensor,
    points: solved!.tensor.points.map((point) => {
      const off = 1e-4 * (point.coordinates.seed as number);
      return {
        ...point,
        objective: point.objective! * (1 + off),
        contrasts: point.contrasts!.map((value) => value! + off),
        nuclearNorm: point.nuclearNorm! + 8 * off,
      };
    }),
  },
};

describe('objectivesOf', () => {
  it('finds the start with the largest excess, and the middle of all', () => {
    const { pairs, worst, median } = objectivesOf(moved);
    expect(pairs).toHaveLength(30);
    expect(worst!.seed).toBe(3);
    expect(worst!.excess).toBeCloseTo(3e-4, 8);
    expect(median).toBeCloseTo(2e-4, 8);
  });

  it('compares nothing where one of the two has no solution', () => {
    const points = moved.tensor.points.map((point) => ({ ...point, objective: null }));
    const none = objectivesOf({ ...moved, tensor: { ...moved.tensor, points } });
    expect(none).toEqual({ pairs: [], worst: null, median: null });
    expect(deviationFigure(moved, none.pairs)).toBeNull();
  });
});

describe('empiricalFigure', () => {
  it('shows the median and the reach of all starts beside the exact curve', () => {
    const { rows, caption } = empiricalFigure(moved);
    expect(caption).toContain('3 random starts');
    const exact = new Map(
      rows
        .filter(([, what, solver]) => what === 'minority-collapse' && solver === 'exact')
        .map(([x, , , , , value]) => [x, value as number]),
    );
    const spreads = rows.filter(
      ([, what, solver]) => what === 'minority-collapse' && solver === 'tensor',
    );
    expect(spreads).toHaveLength(10);
    for (const [x, , , starts, least, median, largest] of spreads as number[][]) {
      expect(starts).toBe(3);
      const offsets = [least!, median!, largest!].map((value) => value - exact.get(x)!);
      [1e-4, 2e-4, 3e-4].forEach((off, i) => {
        expect(offsets[i]).toBeCloseTo(off, 8);
      });
    }
  });
});

describe('deviationFigure', () => {
  it('has a mark for each start and difference, with its key', () => {
    const { pairs } = objectivesOf(moved);
    const { rows, drawing } = deviationFigure(moved, pairs)!;
    const objective = rows.filter(([, what]) => what === 'objective');
    expect(objective).toHaveLength(30);
    for (const [, , excess, seed] of objective) {
      expect(excess).toBeCloseTo(1e-4 * (seed as number), 8);
    }
    expect(drawing.content.match(/<title>/g)).toHaveLength(rows.length);
  });
});
