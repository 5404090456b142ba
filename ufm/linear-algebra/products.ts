/** M diag(weights) M' of a matrix with `rows` rows (row-major): their dot products; weights of one unless given. */
export function rowProducts(
  matrix: Float64Array,
  rows: number,
  weights?: Float64Array,
): Float64Array {
  const columns = matrix.length / rows;
  const weighted = weights === undefined ? matrix : matrix.slice();
  weights?.forEach((weight, t) => {
    for (let i = 0; i < rows; i++) weighted[i * columns + t]! *= weight;
  });
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let t = 0; t < columns; t++) {
        sum += weighted[i * columns + t]! * matrix[j * columns + t]!;
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

/**
 * into = A B', all n x n: dot products of rows, two rows by two at a time, so that each entry is read once for two of them;
 * the last of an odd number goes with itself.
 */
export function multiplyByTransposed(
  A: Float64Array,
  B: Float64Array,
  into: Float64Array,
  n: number,
): void {
  for (let i = 0; i < n; i += 2) {
    const a = i * n;
    const nextA = i + 1 < n ? a + n : a;
    for (let j = 0; j < n; j += 2) {
      const b = j * n;
      const nextB = j + 1 < n ? b + n : b;
      let here = 0;
      let right = 0;
      let below = 0;
      let across = 0;
      for (let q = 0; q < n; q++) {
        const x = A[a + q]!;
        const nextX = A[nextA + q]!;
        const y = B[b + q]!;
        const nextY = B[nextB + q]!;
        here += x * y;
        right += x * nextY;
        below += nextX * y;
        across += nextX * nextY;
      }
      const nextJ = j + 1 < n ? j + 1 : j;
      into[a + j] = here;
      into[a + nextJ] = right;
      into[nextA + j] = below;
      into[nextA + nextJ] = across;
    }
  }
}
