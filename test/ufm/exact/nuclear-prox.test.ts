import { describe, expect, it } from 'vitest';
import { nuclearProx, proxCurvature } from '../../../ufm/exact/nuclear-prox.js';
import { zeroMap } from '../../../ufm/exact/pairwise-map.js';
import { rowProducts, transpose } from '../../../ufm/linear-algebra/products.js';
import { normal, uniform } from '../random-instances.js';

const n = 4;
const random = uniform(7);
const X = Float64Array.from({ length: n * n }, () => normal(random));
const direction = Float64Array.from({ length: n * n }, () => normal(random));

function inBases(matrix: Float64Array, left: Float64Array, right: Float64Array): Float64Array {
  const result = new Float64Array(n * n);
  for (let r = 0; r < n; r++) {
    for (let s = 0; s < n; s++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          result[r * n + s]! += left[r * n + i]! * matrix[i * n + j]! * right[s * n + j]!;
        }
      }
    }
  }
  return result;
}

describe('the prox of the nuclear norm', () => {
  it('takes the threshold off every singular value', () => {
    const { value, rank, nuclearNorm, decomposition } = nuclearProx(X, n, 1);
    const again = nuclearProx(value, n, 0);
    expect(rank).toBeGreaterThan(0);
    expect(rank).toBeLessThan(n);
    expect(again.nuclearNorm).toBeCloseTo(nuclearNorm, 13);
    for (let r = 0; r < n; r++) {
      const kept = Math.max(0, decomposition.values[r]! - 1);
      expect(again.decomposition.values[r]).toBeCloseTo(kept, 13);
    }
  });

  it('leaves X - T in the subdifferential: of norm one beside T, and along it on T', () => {
    const { value, nuclearNorm } = nuclearProx(X, n, 1);
    const rest = X.map((x, at) => x - value[at]!);
    expect(nuclearProx(rest, n, 0).decomposition.values[0]).toBeCloseTo(1, 13);
    const product = rest.reduce((sum, x, at) => sum + x * value[at]!, 0);
    expect(product).toBeCloseTo(nuclearNorm, 13);
  });

  it('moves by its derivative where entries can move, and not at all where they cannot', () => {
    const step = 1e-6;
    const prox = nuclearProx(X, n, 1);
    const { left, right } = prox.decomposition;
    const there = nuclearProx(
      X.map((x, at) => x + step * direction[at]!),
      n,
      1,
    );
    const back = nuclearProx(
      X.map((x, at) => x - step * direction[at]!),
      n,
      1,
    );
    const change = inBases(
      there.value.map((value, at) => (value - back.value[at]!) / (2 * step)),
      left,
      right,
    );
    const cause = inBases(direction, left, right);
    const curvature = zeroMap(n);
    proxCurvature(prox, curvature);
    const { direct, swapped } = curvature;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const [ij, ji] = [i * n + j, j * n + i];
        if (i >= prox.rank && j >= prox.rank) {
          expect(change[ij]).toBeCloseTo(0, 8);
        } else {
          const moved = change[ij]! * (1 + direct[ij]!) + swapped[ij]! * change[ji]!;
          expect(moved).toBeCloseTo(cause[ij]!, 7);
        }
      }
    }
  });

  it('of a multiple of an orthogonal matrix is another one', () => {
    const basis = nuclearProx(X, n, 0).decomposition.left;
    const { value } = nuclearProx(
      basis.map((x) => 3 * x),
      n,
      1,
    );
    rowProducts(transpose(value, n), n).forEach((product, at) => {
      expect(product).toBeCloseTo(at % (n + 1) === 0 ? 4 : 0, 12);
    });
  });
});
