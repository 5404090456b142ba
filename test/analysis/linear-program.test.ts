import { describe, expect, it } from 'vitest';
import { maximise, type HalfSpace } from '../../analysis/linear-program.js';
import { draws } from './random.js';

/** The best of all corners where as many planes meet as there are variables, by solving 3 x 3 systems. */
function bestCorner(objective: readonly number[], constraints: readonly HalfSpace[]): number {
  let best = -Infinity;
  for (let a = 0; a < constraints.length; a++)
    for (let b = a + 1; b < constraints.length; b++)
      for (let c = b + 1; c < constraints.length; c++) {
        const rows = [constraints[a]!, constraints[b]!, constraints[c]!];
        const corner = cramer(
          rows.map(({ normal }) => normal),
          rows.map(({ offset }) => offset),
        );
        const inside = constraints.every(
          ({ normal, offset }) => dot(normal, corner) <= offset + 1e-9,
        );
        if (inside) best = Math.max(best, dot(objective, corner));
      }
  return best;
}

function cramer(m: readonly (readonly number[])[], right: readonly number[]): number[] {
  const determinant = ([p, q, r]: readonly (readonly number[])[]): number =>
    p![0]! * (q![1]! * r![2]! - q![2]! * r![1]!) -
    p![1]! * (q![0]! * r![2]! - q![2]! * r![0]!) +
    p![2]! * (q![0]! * r![1]! - q![1]! * r![0]!);
  return [0, 1, 2].map(
    (j) => determinant(m.map((row, i) => row.with(j, right[i]!))) / determinant(m),
  );
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, entry, i) => sum + entry * b[i]!, 0);

describe('maximise', () => {
  it('finds the best corner of random polytopes', () => {
    const { normal, uniform } = draws(3);
    for (let trial = 0; trial < 100; trial++) {
      const constraints = Array.from({ length: 12 }, () => ({
        normal: [normal(), normal(), normal()],
        offset: 0.1 + uniform(),
      }));
      const cube = [0, 1, 2].flatMap((j) =>
        [1, -1].map((sign) => ({ normal: [0, 0, 0].with(j, sign), offset: 5 })),
      );
      const objective = [normal(), normal(), normal()];
      const found = maximise(objective, constraints, 5)!;
      for (const each of constraints)
        expect(dot(each.normal, found)).toBeLessThan(each.offset + 1e-9);
      expect(dot(objective, found)).toBeCloseTo(
        bestCorner(objective, [...constraints, ...cube]),
        8,
      );
    }
  });

  it('says when there is no point in common', () => {
    const apart = [
      { normal: [1, 0], offset: -1 },
      { normal: [-1, 0], offset: -1 },
    ];
    expect(maximise([1, 1], apart, 10)).toBeNull();
    expect(maximise([1], [{ normal: [0], offset: -1 }], 10)).toBeNull();
  });

  it('stays in the cube where nothing else bounds it', () => {
    expect(maximise([1, -1], [{ normal: [1, 0], offset: 2 }], 10)).toEqual([2, -10]);
  });
});
