/**
 * A linear map of n x n matrices that couples only (i, j) with (j, i):
 *
 *     (map M)_ij = direct_ij M_ij + swapped_ij M_ji,    swapped symmetric and zero on the diagonal
 */
export interface PairwiseMap {
  readonly direct: Float64Array;
  readonly swapped: Float64Array;
}

export function zeroMap(n: number): PairwiseMap {
  return { direct: new Float64Array(n * n), swapped: new Float64Array(n * n) };
}

/** into += factor * map M */
export function addImage(
  { direct, swapped }: PairwiseMap,
  factor: number,
  M: Float64Array,
  into: Float64Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      into[at]! += factor * (direct[at]! * M[at]! + swapped[at]! * M[j * n + i]!);
    }
  }
}

/** The inverse on the pairs for which `isKept` holds; zero on the others. */
export function inverseMap(
  { direct, swapped }: PairwiseMap,
  n: number,
  isKept: (i: number, j: number) => boolean,
): PairwiseMap {
  const inverse = zeroMap(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (!isKept(i, j)) continue;
      const [ij, ji] = [i * n + j, j * n + i];
      const determinant = direct[ij]! * direct[ji]! - swapped[ij]! * swapped[ji]!;
      inverse.direct[ij] = i === j ? 1 / direct[ij]! : direct[ji]! / determinant;
      inverse.swapped[ij] = i === j ? 0 : -swapped[ij]! / determinant;
    }
  }
  return inverse;
}
