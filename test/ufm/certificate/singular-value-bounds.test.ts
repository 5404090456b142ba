import { describe, expect, it } from 'vitest';
import {
  singularValueBounds,
  type SingularValueBounds,
} from '../../../ufm/certificate/singular-value-bounds.js';
import { rightSingularVectors } from '../../../ufm/linear-algebra/singular-values.js';
import { normal, uniform } from '../random-instances.js';
import { exact, exactAll, singularValues, sum } from './decimals.js';
import { spread } from './extreme-cases.js';

/** A Hadamard matrix of order 2^power: its singular values are all sqrt(2^power). */
function hadamard(power: number): number[][] {
  if (power === 0) return [[1]];
  const half = hadamard(power - 1);
  return [
    ...half.map((row) => [...row, ...row]),
    ...half.map((row) => [...row, ...row.map((x) => -x)]),
  ];
}

/** The bounds by the matrix's own singular vectors. */
function bounds(matrix: Float64Array, n: number, relativeError: number): SingularValueBounds {
  return singularValueBounds(matrix, matrix, n, relativeError, rightSingularVectors(matrix, n));
}

describe('bounds of singular values', () => {
  it('are above the values of integer matrices where these are known, by rounding only', () => {
    for (const power of [0, 1, 2, 3, 4]) {
      const n = 2 ** power;
      const { values, nuclearNorm } = bounds(Float64Array.from(hadamard(power).flat()), n, 0);
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(Math.sqrt(n));
        expect(value).toBeLessThan(Math.sqrt(n) * (1 + 1e-12));
      }
      expect(nuclearNorm).toBeGreaterThanOrEqual(n * Math.sqrt(n));
      expect(nuclearNorm).toBeLessThan(n * Math.sqrt(n) * (1 + 1e-12));
    }
  });

  it('are above what the matrix does to any vector', () => {
    const random = uniform(9);
    const n = 6;
    for (let trial = 0; trial < 200; trial++) {
      const matrix = Float64Array.from({ length: n * n }, () => (random() - 0.5) ** 5);
      const [norm] = bounds(matrix, n, 0).values;
      const x = Array.from({ length: n }, () => random() - 0.5);
      let image = 0;
      for (let i = 0; i < n; i++) {
        image += x.reduce((sum, entry, j) => sum + entry * matrix[i * n + j]!, 0) ** 2;
      }
      expect(Math.sqrt(image)).toBeLessThanOrEqual(norm! * Math.hypot(...x));
    }
  });

  it('are above the values whatever the vectors, and far above them for bad ones', () => {
    const random = uniform(10);
    const n = 5;
    for (let trial = 0; trial < 100; trial++) {
      const [matrix, other] = [0, 1].map(() =>
        Float64Array.from({ length: n * n }, () => random() - 0.5),
      ) as [Float64Array, Float64Array];
      const own = bounds(matrix, n, 0);
      const bad = singularValueBounds(matrix, matrix, n, 0, rightSingularVectors(other, n));
      expect(bad.nuclearNorm).toBeGreaterThan(own.nuclearNorm * (1 + 1e-6));
      own.values.forEach((value, r) => {
        expect(bad.values[r]).toBeGreaterThanOrEqual(value * (1 - 1e-12));
      });
    }
  });

  it('make room for errors of the entries', () => {
    const exact = bounds(Float64Array.of(3, 0, 0, 4), 2, 0).values[0]!;
    const rough = bounds(Float64Array.of(3, 0, 0, 4), 2, 0.01).values[0]!;
    expect(rough).toBeGreaterThanOrEqual(4 * 1.01);
    expect(rough).toBeGreaterThan(exact);
  });

  it('of the zero matrix are next to nothing', () => {
    const { values, nuclearNorm } = bounds(new Float64Array(9), 3, 0);
    expect(values[0]).toBeLessThan(1e-150);
    expect(nuclearNorm).toBeLessThan(1e-150);
  });

  it('are above the values to 60 digits, of any size, with good vectors and with bad ones', () => {
    const random = uniform(12);
    let close = 0;
    for (let trial = 0; trial < 200; trial++) {
      const n = 1 + (trial % 4);
      const size = spread(random, -320, 140);
      const wide = trial % 3 === 0 ? 12 : 1;
      const entry = () => size * normal(random) * spread(random, -wide, 0);
      const matrix = Float64Array.from({ length: n * n }, entry);
      // Of low rank, as mean blocks are.
      if (trial % 5 === 0) matrix.forEach((_, at) => (matrix[at] = matrix[at % n]!));
      const V = rightSingularVectors(matrix, n);
      if (trial % 7 === 0) V.forEach((v, at) => (V[at] = v * (1 + 0.01 * normal(random))));
      const truth = singularValues(exactAll(matrix), n);
      const { values, nuclearNorm } = singularValueBounds(matrix, matrix, n, 0, V);
      values.forEach((value, r) => {
        if (value !== Infinity && !Number.isNaN(value)) {
          expect(exact(value).gte(truth[r]!), `${value} for ${String(truth[r])}`).toBe(true);
        }
      });
      if (!Number.isFinite(nuclearNorm)) continue;
      expect(exact(nuclearNorm).gte(sum(truth))).toBe(true);
      if (exact(nuclearNorm).lte(sum(truth).times(1 + 1e-12))) close++;
    }
    expect(close).toBeGreaterThan(75);
  });
});
