import { clusterOfClass } from '../blocks.js';
import type { Cluster } from '../../study/instance.js';

/**
 * The Gram matrix of K vectors, one a class, that is symmetric under permutations inside groups: classes i of group a
 * and j of group c have the product
 *
 *     G_ij = between[a J + c] + (a = c ? within[a] ([i = j] - 1/k_a) : 0)
 *
 * The groups are the clusters, or, for vectors without any symmetry, the classes one by one.
 */
export interface Gram {
  /** k_a, J values. */
  readonly classes: Float64Array;
  readonly within: Float64Array;
  readonly between: Float64Array;
}

/** Makes Gram matrices of K vectors without any symmetry from their K x K products. */
export function gramsOfClasses(K: number): (products: Float64Array) => Gram {
  const classes = new Float64Array(K).fill(1);
  const within = new Float64Array(K);
  return (products) => ({ classes, within, between: products });
}

/** Euclidean norms of the vectors, J values. */
export function norms({ classes, within, between }: Gram): number[] {
  const J = classes.length;
  const lengths: number[] = [];
  for (let a = 0; a < J; a++) {
    const square = within[a]! * (1 - 1 / classes[a]!) + between[a * J + a]!;
    lengths.push(Math.sqrt(Math.max(0, square)));
  }
  return lengths;
}

/** |G|_F of the K x K matrix. */
export function frobeniusNorm({ classes, within, between }: Gram): number {
  const J = classes.length;
  let square = 0;
  for (let a = 0; a < J; a++) {
    square += (classes[a]! - 1) * within[a]! * within[a]!;
    for (let c = 0; c < J; c++) {
      square += classes[a]! * classes[c]! * between[a * J + c]! * between[a * J + c]!;
    }
  }
  return Math.sqrt(square);
}

/** The sum of the squares of the norms of all K vectors. */
export function traceOfGram({ classes, within, between }: Gram): number {
  const J = classes.length;
  let trace = 0;
  for (let a = 0; a < J; a++) {
    trace += (classes[a]! - 1) * within[a]! + classes[a]! * between[a * J + a]!;
  }
  return trace;
}

/** Cosines between different classes, J x J; null where a vector counts as zero, and within a group of one class. */
export function cosines(gram: Gram, isZero: readonly boolean[]): (number | null)[][] {
  const { classes, within, between } = gram;
  const J = classes.length;
  const lengths = norms(gram);
  return lengths.map((ofA, a) =>
    lengths.map((ofC, c) => {
      if (isZero[a] || isZero[c] || (a === c && classes[a] === 1)) return null;
      const product = between[a * J + c]! - (a === c ? within[a]! / classes[a]! : 0);
      return Math.max(-1, Math.min(1, product / (ofA * ofC)));
    }),
  );
}

/** The means over pairs of different classes of a K x K table, by cluster; null where an entry of a mean is. */
export function averageTable(
  clusters: readonly Cluster[],
  table: readonly (readonly (number | null)[])[],
): (number | null)[][] {
  const J = clusters.length;
  const clusterOf = clusterOfClass(clusters);
  const sums = new Float64Array(J * J);
  for (let i = 0; i < clusterOf.length; i++) {
    const row = table[i]!;
    for (let j = 0; j < clusterOf.length; j++) {
      if (i !== j) sums[clusterOf[i]! * J + clusterOf[j]!]! += row[j] ?? NaN;
    }
  }
  return clusters.map(([ofA], a) =>
    clusters.map(([ofC], c) => {
      const mean = sums[a * J + c]! / (a === c ? ofA * (ofA - 1) : ofA * ofC);
      return Number.isNaN(mean) ? null : mean;
    }),
  );
}
