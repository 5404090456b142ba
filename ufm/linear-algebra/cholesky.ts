/** A pivot counts as zero, and is lifted to this, below this share of its diagonal entry. */
const LEAST_PIVOT = 1e-15;

/**
 * Solves A x = b in place for a positive semidefinite A: n x n in the lower triangle of rows of `stride` numbers, which
 * its factor overwrites; x overwrites b. Where A is singular to working precision its pivot is lifted, so that there
 * always is an answer, and a descent direction if b is a negative gradient.
 */
export function solvePositiveDefinite(
  matrix: Float64Array,
  stride: number,
  n: number,
  vector: Float64Array,
): void {
  factorize(matrix, stride, n);
  solveFactorized(matrix, stride, n, vector);
}

/** Solves A x = b in place, from the factor of A that `factorize` left; x overwrites b. */
export function solveFactorized(
  factor: Float64Array,
  stride: number,
  n: number,
  vector: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    let sum = vector[i]!;
    for (let q = 0; q < i; q++) sum -= factor[i * stride + q]! * vector[q]!;
    vector[i] = sum / factor[i * stride + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = vector[i]!;
    for (let q = i + 1; q < n; q++) sum -= factor[q * stride + i]! * vector[q]!;
    vector[i] = sum / factor[i * stride + i]!;
  }
}

/** Overwrites the lower triangle of A, n x n in rows of `stride` numbers, with its factor; see above. */
export function factorize(matrix: Float64Array, stride: number, n: number): void {
  for (let j = 0; j < n; j++) {
    const row = j * stride;
    const least = LEAST_PIVOT * matrix[row + j]! + Number.MIN_VALUE;
    let pivot = matrix[row + j]!;
    for (let q = 0; q < j; q++) pivot -= matrix[row + q]! * matrix[row + q]!;
    const root = Math.sqrt(Math.max(pivot, least));
    matrix[row + j] = root;
    for (let i = j + 1; i < n; i++) {
      const other = i * stride;
      let sum = matrix[other + j]!;
      for (let q = 0; q < j; q++) sum -= matrix[other + q]! * matrix[row + q]!;
      matrix[other + j] = sum / root;
    }
  }
}
