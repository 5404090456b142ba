import {
  singularValues,
  type SingularValueDecomposition,
} from '../linear-algebra/singular-values.js';
import type { PairwiseMap } from './pairwise-map.js';

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

/** T of X; `near` are orthonormal rows like the right singular vectors of a matrix near X. */
export function nuclearProx(
  X: Float64Array,
  n: number,
  threshold: number,
  near?: Float64Array,
): NuclearProx {
  const decomposition = singularValues(X, n, near);
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
 * elsewhere. The symmetric part of (i, j) and (j, i) moves X by another factor than the antisymmetric one.
 */
export function proxCurvature(
  { decomposition: { values }, threshold, rank }: NuclearProx,
  { direct, swapped }: PairwiseMap,
): void {
  const n = values.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let symmetric = 0;
      let antisymmetric = 0;
      if (i < rank) {
        antisymmetric = (2 * threshold) / (values[i]! + values[j]! - 2 * threshold);
      } else if (j < rank) {
        const kept = values[j]! - threshold;
        symmetric = (threshold - values[i]!) / kept;
        antisymmetric = (threshold + values[i]!) / kept;
      }
      const [ij, ji] = [i * n + j, j * n + i];
      direct[ij] = i === j ? 0 : (symmetric + antisymmetric) / 2;
      direct[ji] = direct[ij]!;
      swapped[ij] = i === j ? 0 : (symmetric - antisymmetric) / 2;
      swapped[ji] = swapped[ij]!;
    }
  }
}

/**
 * That with as much more as holds each entry by the damping times what a nuclear norm's majorizer holds it by, the threshold
 * over the sum of its two singular values.
 */
export function dampCurvature(
  { decomposition: { values }, threshold, rank }: NuclearProx,
  damping: number,
  { direct, swapped }: PairwiseMap,
  into: PairwiseMap,
): void {
  const n = values.length;
  const kept = values.map((value) => Math.max(0, value - threshold));
  into.swapped.set(swapped);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const canMoveHere = i < rank || j < rank;
      const more = canMoveHere ? (damping * threshold) / (kept[i]! + kept[j]!) : 0;
      into.direct[i * n + j] = direct[i * n + j]! + more;
    }
  }
}
