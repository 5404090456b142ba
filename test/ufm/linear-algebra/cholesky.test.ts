import { describe, expect, it } from 'vitest';
import { solvePositiveDefinite } from '../../../ufm/linear-algebra/cholesky.js';

describe('a positive definite system', () => {
  it('is solved, from the lower triangle of rows with a stride', () => {
    const matrix = Float64Array.of(4, NaN, NaN, 2, 5, NaN, NaN, NaN, NaN);
    const vector = Float64Array.of(8, 12);
    solvePositiveDefinite(matrix, 3, 2, vector);
    expect(vector[0]).toBeCloseTo(1, 15);
    expect(vector[1]).toBeCloseTo(2, 15);
  });

  it('that is singular still has an answer, which is exact where the matrix is regular', () => {
    const vector = Float64Array.of(3, 0);
    solvePositiveDefinite(Float64Array.of(3, 0, 0, 0), 2, 2, vector);
    expect(vector[0]).toBeCloseTo(1, 15);
    expect(vector[1]).toBe(0);
  });
});
