import { transpose } from './products.js';

/** A thin singular value decomposition of a square matrix A (n x n): A v_r = sigma_r u_r. */
export interface SingularValueDecomposition {
  /** n values, descending. */
  readonly values: Float64Array;
  /** n x n: row r is the left singular vector u_r; zero where sigma_r is zero. */
  readonly left: Float64Array;
  /** n x n: row r is the right singular vector v_r, orthonormal also where sigma_r is zero. */
  readonly right: Float64Array;
}

const MOST_SWEEPS = 60;
/** Columns count as orthogonal when the cosine between them is at most this. */
const ORTHOGONAL = 2 ** -52;

/**
 * Singular values of an n x n matrix (row-major) by one-sided Jacobi rotations of its columns, which finds small
 * singular values to high relative accuracy (Demmel and Veselic, SIAM J. Matrix Anal. Appl. 13, 1992).
 */
export function singularValues(matrix: Float64Array, n: number): SingularValueDecomposition {
  const columns = transpose(matrix, n);
  const rotation = identity(n);
  for (let sweep = 0, worst = Infinity; sweep < MOST_SWEEPS && worst > ORTHOGONAL; sweep++) {
    worst = 0;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) worst = Math.max(worst, rotate(columns, rotation, n, p, q));
    }
  }
  return sorted(columns, rotation, n);
}

/** Makes columns p and q orthogonal; returns the magnitude of the cosine that was between them. */
function rotate(
  columns: Float64Array,
  rotation: Float64Array,
  n: number,
  p: number,
  q: number,
): number {
  let pp = 0;
  let qq = 0;
  let pq = 0;
  for (let i = 0; i < n; i++) {
    const x = columns[p * n + i]!;
    const y = columns[q * n + i]!;
    pp += x * x;
    qq += y * y;
    pq += x * y;
  }
  const cosine = Math.abs(pq) / Math.sqrt(pp * qq);
  if (!(cosine > ORTHOGONAL)) return 0;
  const zeta = (qq - pp) / (2 * pq);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cos = 1 / Math.sqrt(1 + tangent * tangent);
  turn(columns, n, p, q, cos, cos * tangent);
  turn(rotation, n, p, q, cos, cos * tangent);
  return cosine;
}

function turn(rows: Float64Array, n: number, p: number, q: number, cos: number, sin: number): void {
  for (let i = 0; i < n; i++) {
    const x = rows[p * n + i]!;
    const y = rows[q * n + i]!;
    rows[p * n + i] = cos * x - sin * y;
    rows[q * n + i] = sin * x + cos * y;
  }
}

function sorted(
  columns: Float64Array,
  rotation: Float64Array,
  n: number,
): SingularValueDecomposition {
  const norms = Array.from({ length: n }, (_, r) => norm(columns.subarray(r * n, (r + 1) * n)));
  const order = norms.map((_, r) => r).sort((r, s) => norms[s]! - norms[r]!);
  const values = Float64Array.from(order, (r) => norms[r]!);
  const left = new Float64Array(n * n);
  const right = new Float64Array(n * n);
  order.forEach((from, r) => {
    for (let i = 0; i < n; i++) {
      left[r * n + i] = values[r]! > 0 ? columns[from * n + i]! / values[r]! : 0;
      right[r * n + i] = rotation[from * n + i]!;
    }
  });
  return { values, left, right };
}

function norm(vector: Float64Array): number {
  let sum = 0;
  for (const x of vector) sum += x * x;
  return Math.sqrt(sum);
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}
