import {
  singularValues,
  type SingularValueDecomposition,
} from '../linear-algebra/singular-values.js';

/**
 * The proximal map of the nuclear norm, T = SVT(X, threshold): the singular values of X less the threshold, where that
 * is positive (Cai, Candes & Shen, SIAM J. Optim. 20, 2010).
 */
export interface NuclearProx {
  readonly decomposition: SingularValueDecomposition;
  readonly threshold: number;
  /** The rank of T. */
  readonly rank: number;
  /** T, n x n. */
  readonly value: Float64Array;
  /** |T|_*. */
  readonly nuclearNorm: number;
}

export function nuclearProx(X: Float64Array, n: number, threshold: number): NuclearProx {
  const decomposition = singularValues(X, n);
  const { values, left, right } = decomposition;
  const value = new Float64Array(n * n);
  let rank = 0;
  let nuclearNorm = 0;
  while (rank < n && values[rank]! > threshold) {
    const kept = values[rank]! - threshold;
    nuclearNorm += kept;
    for (let i = 0; i < n; i++) {
      const u = kept * left[rank * n + i]!;
      for (let j = 0; j < n; j++) value[i * n + j]! += u * right[rank * n + j]!;
    }
    rank++;
  }
  return { decomposition, threshold, rank, value, nuclearNorm };
}

/**
 * The derivative of X by T at a prox, in the singular bases: dX_ij = dT_ij + direct[i n + j] dT_ij + swapped[i n + j] dT_ji
 * for the entries that can move, those with i or j below the rank. For the others T stays zero to first order.
 */
export interface ProxCurvature {
  readonly direct: Float64Array;
  readonly swapped: Float64Array;
}

export function proxCurvature({ decomposition, threshold, rank }: NuclearProx): ProxCurvature {
  const { values } = decomposition;
  const n = values.length;
  const direct = new Float64Array(n * n);
  const swapped = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j || (i >= rank && j >= rank)) continue;
      const [symmetric, antisymmetric] = stretches(values, threshold, rank, i, j);
      direct[i * n + j] = (symmetric + antisymmetric) / 2;
      swapped[i * n + j] = (symmetric - antisymmetric) / 2;
    }
  }
  return { direct, swapped };
}

/** By how much more than dT the symmetric and the antisymmetric part of (i, j) and (j, i) move X. */
function stretches(
  values: Float64Array,
  threshold: number,
  rank: number,
  i: number,
  j: number,
): [symmetric: number, antisymmetric: number] {
  if (i < rank && j < rank) {
    return [0, (2 * threshold) / (values[i]! + values[j]! - 2 * threshold)];
  }
  const kept = values[Math.min(i, j)]! - threshold;
  const lost = values[Math.max(i, j)]!;
  return [(threshold - lost) / kept, (threshold + lost) / kept];
}
