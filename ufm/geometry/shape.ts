import type { Cluster } from '../../study/instance.js';
import { averageByCluster, clusterOfClass } from '../blocks.js';
import type { CosineTable } from '../solution.js';
import { etfDistance } from './etf-distance.js';
import { gramDistance, orthogonalDistance } from './gram-distance.js';
import { averageTable, cosines, norms, type Gram } from './gram.js';

/** What the directions and lengths of K vectors say, by cluster. */
export interface Shape {
  readonly cosines: CosineTable;
  readonly norms: readonly number[];
  /** Null where all vectors coincide. */
  readonly etfDistance: number | null;
  /** Null where all vectors are zero, and where the limit is not known. */
  readonly seliDistance: number | null;
  readonly orthogonalDistance: number | null;
}

/** The shape of vectors with this Gram matrix, of groups that are clusters or single classes; the limit's are clusters. */
export function shapeOf(
  clusters: readonly Cluster[],
  gram: Gram,
  isZero: readonly boolean[],
  limit: Gram | null,
): Shape {
  const isByCluster = gram.classes.length === clusters.length;
  const [angles, lengths] = [cosines(gram, isZero), norms(gram)];
  const nothingIsLeft = isZero.every(Boolean);
  return {
    cosines: isByCluster ? angles : averageTable(clusters, angles),
    norms: isByCluster ? lengths : Array.from(averageByCluster(clusters, lengths)),
    etfDistance: nothingIsLeft ? null : etfDistance(gram),
    seliDistance:
      nothingIsLeft || limit === null
        ? null
        : gramDistance(gram, limit, isByCluster ? null : clusterOfClass(clusters)),
    orthogonalDistance: nothingIsLeft ? null : orthogonalDistance(gram),
  };
}
