import type { Instance } from '../../study/instance.js';
import type { Certificate } from '../certificate.js';
import type { Geometry } from '../geometry.js';
import type { CosineTable } from '../solution.js';

/**
 * The geometry as far as the certificate bears it out. Left out are the cosines of vectors that are zero at the optimum:
 * a class's, when the mean block is zero and its cluster has collapsed or has no other class; what an iterate has left
 * of them points nowhere. The rank, which counts what is large, is kept between the ranks that are proved.
 */
export function withoutVanished(
  { clusters, featureDimension }: Instance,
  { collapsed, meanCollapsed, leastRank, rankBound }: Certificate,
  geometry: Geometry,
): Geometry {
  const isConvex = featureDimension >= rankBound;
  // With one cluster the mean block is a shift of all logits; where that costs and gains nothing, it is zero and no flag.
  const meanIsZero = meanCollapsed === true || (clusters.length === 1 && meanCollapsed === null);
  const vanished = clusters.map(
    ([classes], cluster) => meanIsZero && (classes === 1 || collapsed[cluster] === true),
  );
  const cleared = (cosines: CosineTable): CosineTable =>
    cosines.map((row, i) => row.map((cosine, j) => (vanished[i]! || vanished[j]! ? null : cosine)));
  const rank = isConvex ? Math.min(rankBound, Math.max(leastRank, geometry.rank)) : geometry.rank;
  // A copy takes as long as a tenth of a solution.
  if (rank === geometry.rank && !vanished.includes(true)) return geometry;
  return {
    ...geometry,
    rank,
    cosW: cleared(geometry.cosW),
    cosH: cleared(geometry.cosH),
    cosZ: cleared(geometry.cosZ),
  };
}
