import {
  singularValues,
  type SingularValueDecomposition,
} from '../linear-algebra/singular-values.js';
import { zeroMap, type PairwiseMap } from './pairwise-map.js';

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

/** Whether T's entry (i, j), in the singular bases, moves with X to first order: not where it is cut off. */
export function canMove({ rank }: NuclearProx, i: number, j: number): boolean {
  return i < rank || j < rank;
}

/**
 * By how much more than T its cause X moves, E in dX = (1 + E) dT, in the singular bases and where entries can move; zero
 * elsewhere.
 */
export function proxCurvature(prox: NuclearProx): PairwiseMap {
  const { decomposition, threshold, rank } = prox;
  const { values } = decomposition;
  const n = values.length;
  const { direct, swapped } = zeroMap(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j || !canMove(prox, i, j)) continue;
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
