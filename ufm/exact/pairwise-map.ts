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
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0, mirrored = i; j < n; j++, at++, mirrored += n) {
      into[at]! += factor * (direct[at]! * M[at]! + swapped[at]! * M[mirrored]!);
    }
  }
}

/** The inverse of diagonal + factor * map on the pairs of which one is below `rank`; zero on the others. */
export function invertShifted(
  diagonal: Float64Array,
  factor: number,
  { direct, swapped }: PairwiseMap,
  n: number,
  rank: number,
  into: PairwiseMap,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [ij, ji] = [i * n + j, j * n + i];
      const isKept = j < rank;
      const ofIj = diagonal[ij]! + factor * direct[ij]!;
      const ofJi = diagonal[ji]! + factor * direct[ji]!;
      const across = factor * swapped[ij]!;
      const inverse = isKept ? 1 / (ofIj * ofJi - across * across) : 0;
      into.direct[ij] = ofJi * inverse;
      into.direct[ji] = ofIj * inverse;
      into.swapped[ij] = -across * inverse;
      into.swapped[ji] = -across * inverse;
      if (i === j) into.direct[ij] = isKept ? 1 / ofIj : 0;
    }
  }
}
