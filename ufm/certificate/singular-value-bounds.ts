import { gamma, roundUp } from './rounding.js';

/** What is certain of the singular values of a matrix. */
export interface SingularValueBounds {
  /** Upper bounds, descending: entry r of the r-th largest singular value. The first bounds the spectral norm. */
  readonly values: Float64Array;
  /** An upper bound of their sum, the nuclear norm. */
  readonly nuclearNorm: number;
}

/**
 * Rigorous upper bounds of the singular values of an n x n matrix A with entries known to the relative error given.
 *
 * The rows of V are about its right singular vectors, and nothing of that is trusted. With B = A V,
 * A = B V^-1 and e >= |V'V - I|_inf:
 *
 *     |V^-1|_2 <= 1 / sqrt(1 - e)
 *     |A|_*    <= sum_r |b_r| / sqrt(1 - e)                       (B is a sum of n matrices b_r e_r' of rank one)
 *     s_r(A)   <= sqrt(r-th largest |b_r|^2 + max_r sum_{s != r} |b_r . b_s|) / sqrt(1 - e)     (Weyl, Gershgorin)
 *
 * The product B is wrong by at most gamma_n |A| |V| entrywise, hence by gamma_n |A|_F |V|_F in any of these norms.
 */
export function singularValueBounds(
  matrix: Float64Array,
  n: number,
  relativeError: number,
  V: Float64Array,
): SingularValueBounds {
  const B = new Float64Array(n * n);
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < n; i++) B[r * n + i] = dot(matrix, i, V, r, n);
  }
  const frobenius = Math.sqrt(squaredNorm(matrix)) * (1 + gamma(n * n));
  const frobeniusOfV = Math.sqrt(squaredNorm(V)) * (1 + gamma(n * n));
  const inverseOfV = 1 / Math.sqrt(1 - orthogonalityDefect(V, n));
  const errorOfB = roundUp((gamma(n) + relativeError) * frobenius * frobeniusOfV);

  const squares = new Float64Array(n);
  for (let r = 0; r < n; r++) squares[r] = dot(B, r, B, r, n) * (1 + gamma(n));
  let coupling = 0;
  let sum = 0;
  for (let r = 0; r < n; r++) {
    let ofRow = 0;
    for (let s = 0; s < n; s++) {
      if (s !== r) {
        ofRow += Math.abs(dot(B, r, B, s, n)) + gamma(n) * Math.sqrt(squares[r]! * squares[s]!);
      }
    }
    coupling = Math.max(coupling, ofRow);
    sum += Math.sqrt(squares[r]!);
  }
  coupling *= 1 + gamma(n + 4);
  const values = squares.sort().reverse();
  for (let r = 0; r < n; r++) {
    values[r] = roundUp((Math.sqrt(values[r]! + coupling) + errorOfB) * inverseOfV);
  }
  const nuclearError = Math.sqrt(n) * errorOfB;
  return { values, nuclearNorm: roundUp((sum * (1 + gamma(n)) + nuclearError) * inverseOfV) };
}

/** An upper bound of |V'V - I|_inf, below 1/2 for anything that came out of Jacobi rotations. */
function orthogonalityDefect(V: Float64Array, n: number): number {
  let largest = 0;
  for (let r = 0; r < n; r++) {
    let ofRow = 0;
    for (let s = 0; s < n; s++) {
      ofRow += Math.abs(dot(V, r, V, s, n) - (r === s ? 1 : 0)) + 4 * gamma(n);
    }
    largest = Math.max(largest, ofRow);
  }
  return roundUp(largest * (1 + gamma(n)));
}

/** The dot product of row i of A and row r of B. */
function dot(A: Float64Array, i: number, B: Float64Array, r: number, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += A[i * n + j]! * B[r * n + j]!;
  return sum;
}

function squaredNorm(entries: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < entries.length; at++) sum += entries[at]! * entries[at]!;
  return sum;
}
