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

/** The Gram matrix of K vectors without any symmetry, from their K x K products. */
export function gramOfClasses(products: Float64Array): Gram {
  const K = Math.sqrt(products.length);
  return { classes: new Float64Array(K).fill(1), within: new Float64Array(K), between: products };
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
  const clusterOf = clusterOfClass(clusters);
  const members = clusters.map((_, a) =>
    clusterOf.flatMap((cluster, i) => (cluster === a ? i : [])),
  );
  return members.map((rows) =>
    members.map((columns) => {
      const entries = rows.flatMap((i) =>
        columns.flatMap((j) => (i === j ? [] : [table[i]![j] ?? null])),
      );
      const numbers = entries.filter((entry) => entry !== null);
      if (numbers.length === 0 || numbers.length < entries.length) return null;
      return numbers.reduce((sum, entry) => sum + entry, 0) / numbers.length;
    }),
  );
}
