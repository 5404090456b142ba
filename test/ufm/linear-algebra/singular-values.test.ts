import { describe, expect, it } from 'vitest';
import { singularValues } from '../../../ufm/linear-algebra/singular-values.js';
import { normal, uniform } from '../random-instances.js';

function randomMatrix(n: number, rank: number, seed: number): Float64Array {
  const random = uniform(seed);
  const matrix = new Float64Array(n * n);
  for (let r = 0; r < rank; r++) {
    const u = Array.from({ length: n }, () => normal(random));
    const v = Array.from({ length: n }, () => normal(random));
    matrix.forEach((_, at) => (matrix[at]! += 10 ** -r * u[Math.floor(at / n)]! * v[at % n]!));
  }
  return matrix;
}

function worstDefect(rows: Float64Array, n: number): number {
  let worst = 0;
  for (let r = 0; r < n; r++) {
    for (let s = 0; s < n; s++) {
      let product = r === s ? -1 : 0;
      for (let i = 0; i < n; i++) product += rows[r * n + i]! * rows[s * n + i]!;
      worst = Math.max(worst, Math.abs(product));
    }
  }
  return worst;
}

describe('singular values', () => {
  it.each([
    [1, 1],
    [2, 1],
    [5, 5],
    [8, 3],
    [30, 12],
  ])('of order %d and rank %d give the matrix back, with orthonormal bases', (n, rank) => {
    const matrix = randomMatrix(n, rank, n);
    const { values, left, right } = singularValues(matrix, n);
    expect(worstDefect(left, n)).toBeLessThan(1e-13);
    expect(worstDefect(right, n)).toBeLessThan(1e-13);
    matrix.forEach((entry, at) => {
      let sum = 0;
      for (let r = 0; r < n; r++) {
        sum += values[r]! * left[r * n + Math.floor(at / n)]! * right[r * n + (at % n)]!;
      }
      expect(Math.abs(sum - entry)).toBeLessThan(1e-13 * values[0]!);
    });
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
    expect(values.filter((value) => value > 1e-13 * values[0]!)).toHaveLength(rank);
  });

  it('are the same from the vectors of a matrix near by, and from any other orthonormal ones', () => {
    const n = 7;
    const matrix = randomMatrix(n, 5, 3);
    const noise = randomMatrix(n, n, 4);
    const near = singularValues(
      matrix.map((entry, at) => entry + 1e-3 * noise[at]!),
      n,
    ).right;
    for (const start of [near, singularValues(noise, n).left]) {
      const { values, left, right } = singularValues(matrix, n, start);
      expect(worstDefect(left, n)).toBeLessThan(1e-13);
      expect(worstDefect(right, n)).toBeLessThan(1e-13);
      singularValues(matrix, n).values.forEach((value, r) => {
        expect(Math.abs(values[r]! - value)).toBeLessThan(1e-13 * values[0]!);
      });
    }
  });

  it('of a zero matrix are zero, with orthonormal bases all the same', () => {
    const { values, left, right } = singularValues(new Float64Array(9), 3);
    expect([...values]).toEqual([0, 0, 0]);
    expect(worstDefect(left, 3)).toBe(0);
    expect(worstDefect(right, 3)).toBe(0);
  });

  it('of a diagonal matrix are its magnitudes', () => {
    const { values } = singularValues(Float64Array.of(-2, 0, 0, 0, 1e-9, 0, 0, 0, 5), 3);
    expect([...values]).toEqual([5, 2, 1e-9]);
  });
});
