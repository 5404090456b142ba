import { gamma, roundUp } from './rounding.js';

/** What is certain of the singular values of a matrix. */
export interface SingularValueBounds {
  /** Upper bounds, descending: entry r of the r-th largest singular value. The first bounds the spectral norm. */
  readonly values: Float64Array;
  /** An upper bound of their sum, the nuclear norm. */
  readonly nuclearNorm: number;
}

/**
 * Rigorous upper bounds of the singular values of an n x n matrix A, tight down to about 2^-400: squares of less underflow,
 * and what they lose is added. Its entries are known to the relative error given, of magnitudes that are the entries'
 * own unless something cancelled in them.
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
  magnitudes: Float64Array,
  n: number,
  relativeError: number,
  V: Float64Array,
): SingularValueBounds {
  const B = new Float64Array(n * n);
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < n; i++) B[r * n + i] = dot(matrix, i, V, r, n);
  }
  const frobenius = lengthOf(squaredNorm(magnitudes), n * n);
  const frobeniusOfV = lengthOf(squaredNorm(V), n * n);
  const inverseOfV = 1 / Math.sqrt(1 - orthogonalityDefect(V, n));
  const errorOfB = roundUp((gamma(n) + relativeError) * frobenius * frobeniusOfV, 3);

  const squares = new Float64Array(n);
  const lengths = new Float64Array(n);
  let sum = 0;
  for (let r = 0; r < n; r++) {
    squares[r] = roundUp(dot(B, r, B, r, n), n);
    lengths[r] = Math.sqrt(squares[r]!);
    sum += lengths[r]!;
  }
  let coupling = 0;
  for (let r = 0; r < n; r++) {
    let ofRow = 0;
    for (let s = 0; s < n; s++) {
      if (s !== r) {
        ofRow += Math.abs(dot(B, r, B, s, n)) + gamma(n) * lengths[r]! * lengths[s]!;
      }
    }
    coupling = Math.max(coupling, ofRow);
  }
  coupling = roundUp(coupling, n + 4);
  const values = squares.sort().reverse();
  for (let r = 0; r < n; r++) {
    values[r] = roundUp((Math.sqrt(values[r]! + coupling) + errorOfB) * inverseOfV, 7);
  }
  const nuclearNorm = roundUp((sum + Math.sqrt(n) * errorOfB) * inverseOfV, n + 6);
  return { values, nuclearNorm };
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
  return roundUp(largest, n + 1);
}

/** An upper bound of a length, from its square after so many operations; underflows are counted before the root. */
function lengthOf(square: number, operations: number): number {
  return roundUp(Math.sqrt(roundUp(square, operations)), 1);
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
