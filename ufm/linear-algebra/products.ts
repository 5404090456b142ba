/** M diag(weights) M' of a matrix with `rows` rows (row-major): their dot products; weights of one unless given. */
export function rowProducts(
  matrix: Float64Array,
  rows: number,
  weights?: Float64Array,
): Float64Array {
  const columns = matrix.length / rows;
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let t = 0; t < columns; t++) {
        sum += matrix[i * columns + t]! * matrix[j * columns + t]! * (weights?.[t] ?? 1);
      }
      products[i * rows + j] = sum;
      products[j * rows + i] = sum;
    }
  }
  return products;
}

/** The transpose of a matrix with `rows` rows, row-major. */
export function transpose(matrix: Float64Array, rows: number): Float64Array {
  const columns = matrix.length / rows;
  const result = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < columns; t++) result[t * rows + i] = matrix[i * columns + t]!;
  }
  return result;
}

/** into = A B', all n x n: dot products of rows, which need no stores on the way and so are the fastest form. */
export function multiplyByTransposed(
  A: Float64Array,
  B: Float64Array,
  into: Float64Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let q = 0; q < n; q++) sum += A[i * n + q]! * B[j * n + q]!;
      into[i * n + j] = sum;
    }
  }
}
