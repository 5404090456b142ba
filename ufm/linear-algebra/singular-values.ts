import { multiplyByTransposed } from './products.js';

/** The singular value decomposition of a square matrix A (n x n): A v_r = sigma_r u_r. */
export interface SingularValueDecomposition {
  /** n values, descending. */
  readonly values: Float64Array;
  /** n x n, orthonormal: row r is the left singular vector u_r. */
  readonly left: Float64Array;
  /** n x n, orthonormal: row r is the right singular vector v_r. */
  readonly right: Float64Array;
}

const MOST_SWEEPS = 60;
/** Columns count as orthogonal when the cosine between them is at most this: a few roundings of a dot product. */
const ORTHOGONAL = 2 ** -50;
/** Columns shorter than this times n |A| are rounding errors and count as zero. */
const NEGLIGIBLE = 2 ** -53;

/**
 * Singular values and vectors of an n x n matrix (row-major) by one-sided Jacobi rotations of its columns (Demmel and
 * Veselic, SIAM J. Matrix Anal. Appl. 13, 1992). They begin at `near`, orthonormal rows like the right singular vectors of
 * a matrix near by, or at the unit vectors.
 */
export function singularValues(
  matrix: Float64Array,
  n: number,
  near: Float64Array = identity(n),
): SingularValueDecomposition {
  const negligible = negligibleLength(matrix, n);
  const { columns, rotation } = orthogonalize(matrix, n, near, negligible);
  return decomposition(columns, rotation, n, negligible);
}

/** As `right` of the decomposition, in any order: n x n, orthonormal up to rounding, row r is a right singular vector. */
export function rightSingularVectors(
  matrix: Float64Array,
  n: number,
  near: Float64Array = identity(n),
): Float64Array {
  return orthogonalize(matrix, n, near, negligibleLength(matrix, n)).rotation;
}

/** The sum of the singular values. */
export function nuclearNorm(
  matrix: Float64Array,
  n: number,
  near: Float64Array = identity(n),
): number {
  const { columns } = orthogonalize(matrix, n, near, negligibleLength(matrix, n));
  let sum = 0;
  for (let r = 0; r < n; r++) sum += norm(columns, r * n, n);
  return sum;
}

function negligibleLength(matrix: Float64Array, n: number): number {
  return NEGLIGIBLE * n * norm(matrix, 0, matrix.length);
}

/** Rotates the columns of A until they are orthogonal; both matrices hold columns as rows. */
function orthogonalize(matrix: Float64Array, n: number, near: Float64Array, negligible: number) {
  const columns = new Float64Array(n * n);
  multiplyByTransposed(near, matrix, columns, n);
  const rotation = near.slice();
  for (let sweep = 0, worst = Infinity; sweep < MOST_SWEEPS && worst > ORTHOGONAL; sweep++) {
    worst = 0;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        worst = Math.max(worst, rotate(columns, rotation, n, p, q, negligible * negligible));
      }
    }
  }
  return { columns, rotation };
}

/** Makes columns p and q orthogonal; returns the magnitude of the cosine that was between them. */
function rotate(
  columns: Float64Array,
  rotation: Float64Array,
  n: number,
  p: number,
  q: number,
  negligibleSquare: number,
): number {
  let pp = 0;
  let qq = 0;
  let pq = 0;
  for (let at = p * n, other = q * n, end = at + n; at < end; at++, other++) {
    const x = columns[at]!;
    const y = columns[other]!;
    pp += x * x;
    qq += y * y;
    pq += x * y;
  }
  if (pp <= negligibleSquare || qq <= negligibleSquare) return 0;
  const cosine = Math.abs(pq) / Math.sqrt(pp * qq);
  if (!(cosine > ORTHOGONAL)) return 0;
  const zeta = (qq - pp) / (2 * pq);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cos = 1 / Math.sqrt(1 + tangent * tangent);
  const sin = cos * tangent;
  for (let at = p * n, other = q * n, end = at + n; at < end; at++, other++) {
    const x = columns[at]!;
    const y = columns[other]!;
    columns[at] = cos * x - sin * y;
    columns[other] = sin * x + cos * y;
    const u = rotation[at]!;
    const v = rotation[other]!;
    rotation[at] = cos * u - sin * v;
    rotation[other] = sin * u + cos * v;
  }
  return cosine;
}

/** Reads the decomposition A rotation' = columns off its sides, by descending length of the columns. */
function decomposition(
  columns: Float64Array,
  rotation: Float64Array,
  n: number,
  negligible: number,
): SingularValueDecomposition {
  const lengths = new Float64Array(n);
  for (let r = 0; r < n; r++) lengths[r] = norm(columns, r * n, n);
  const values = new Float64Array(n);
  const left = new Float64Array(n * n);
  const right = new Float64Array(n * n);
  let rank = 0;
  for (let r = 0; r < n; r++) {
    const from = longest(lengths);
    values[r] = lengths[from]!;
    lengths[from] = -1;
    const isNegligible = values[r]! <= negligible;
    if (!isNegligible) rank++;
    for (let i = 0; i < n; i++) {
      left[r * n + i] = isNegligible ? 0 : columns[from * n + i]! / values[r]!;
      right[r * n + i] = rotation[from * n + i]!;
    }
  }
  completeBasis(left, n, rank);
  return { values, left, right };
}

/** The index of the largest value, the first of equal ones. */
function longest(lengths: Float64Array): number {
  let index = 0;
  for (let r = 1; r < lengths.length; r++) if (lengths[r]! > lengths[index]!) index = r;
  return index;
}

/** Fills the rows from `count` on so that all n are orthonormal, by Gram-Schmidt from the unit vectors they reach least. */
function completeBasis(rows: Float64Array, n: number, count: number): void {
  for (let r = count; r < n; r++) {
    let farthest = 0;
    let leastShare = Infinity;
    for (let i = 0; i < n; i++) {
      let share = 0;
      for (let q = 0; q < r; q++) share += rows[q * n + i]! * rows[q * n + i]!;
      if (share < leastShare) {
        leastShare = share;
        farthest = i;
      }
    }
    rows[r * n + farthest] = 1;
    // Once is not enough where the unit vector is nearly in their span; twice is (Kahan; Parlett 1980, 6.9).
    for (let pass = 0; pass < 2; pass++) {
      for (let q = 0; q < r; q++) {
        let product = 0;
        for (let i = 0; i < n; i++) product += rows[q * n + i]! * rows[r * n + i]!;
        for (let i = 0; i < n; i++) rows[r * n + i]! -= product * rows[q * n + i]!;
      }
    }
    const length = norm(rows, r * n, n);
    for (let i = 0; i < n; i++) rows[r * n + i]! /= length;
  }
}

function norm(values: Float64Array, offset: number, count: number): number {
  let sum = 0;
  for (let i = offset; i < offset + count; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

function identity(n: number): Float64Array {
  const rows = new Float64Array(n * n);
  for (let r = 0; r < n; r++) rows[r * n + r] = 1;
  return rows;
}
