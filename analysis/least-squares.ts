/** A linear least-squares fit of m values by p basis functions. */
export interface LinearFit {
  /** p coefficients, in the order of the basis. */
  readonly coefficients: readonly number[];
  /** (X' W X)^-1, p x p: times the variance of an observation of weight 1 it is the coefficients' covariance. */
  readonly unscaledCovariance: readonly (readonly number[])[];
  /** Weighted sum of squared residuals. */
  readonly residual: number;
}

/**
 * Fits values by linearly independent functions: `basis[j][i]` is function j at observation i. Gram-Schmidt is
 * applied twice, which keeps the columns orthogonal to rounding (Giraud, Langou & Rozloznik, 2005); the normal
 * equations would lose the digits that tell a logarithm from a power over a short range.
 */
export function fitLinear(
  basis: readonly (readonly number[])[],
  values: readonly number[],
  weights: readonly number[] = values.map(() => 1),
): LinearFit {
  const roots = weights.map(Math.sqrt);
  const upper = basis.map(() => new Array<number>(basis.length).fill(0));
  const orthonormal: number[][] = [];
  basis.forEach((column, j) => {
    let vector = column.map((entry, i) => entry * roots[i]!);
    for (let pass = 0; pass < 2; pass++) {
      orthonormal.forEach((direction, i) => {
        const projection = dot(direction, vector);
        upper[i]![j]! += projection;
        vector = vector.map((entry, k) => entry - projection * direction[k]!);
      });
    }
    const length = Math.hypot(...vector);
    upper[j]![j] = length;
    orthonormal.push(vector.map((entry) => entry / length));
  });
  const target = values.map((value, i) => value * roots[i]!);
  const projections = orthonormal.map((direction) => dot(direction, target));
  const rest = target.map(
    (value, i) => value - orthonormal.reduce((sum, q, j) => sum + q[i]! * projections[j]!, 0),
  );
  const inverse = invertUpper(upper);
  return {
    coefficients: inverse.map((row) => dot(row, projections)),
    unscaledCovariance: inverse.map((a) => inverse.map((b) => dot(a, b))),
    residual: dot(rest, rest),
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, entry, i) => sum + entry * b[i]!, 0);
}

/** Inverse of an upper triangular matrix by back substitution. */
function invertUpper(upper: readonly (readonly number[])[]): number[][] {
  const inverse = upper.map(() => new Array<number>(upper.length).fill(0));
  for (let column = 0; column < upper.length; column++) {
    inverse[column]![column] = 1 / upper[column]![column]!;
    for (let row = column - 1; row >= 0; row--) {
      let sum = 0;
      for (let k = row + 1; k <= column; k++) sum += upper[row]![k]! * inverse[k]![column]!;
      inverse[row]![column] = -sum / upper[row]![row]!;
    }
  }
  return inverse;
}
