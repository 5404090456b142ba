import type { Instance } from '../../study/instance.js';
import type { Certificate } from '../certificate.js';
import type { Geometry } from '../geometry.js';
import type { CosineTable } from '../solution.js';

/**
 * The geometry without the cosines of vectors that are zero at the optimum, by certificate: a class's, when the mean
 * block is zero and its cluster has collapsed or has no other class. What an iterate has left of them points nowhere.
 */
export function withoutVanished(
  { clusters }: Instance,
  { collapsed, meanCollapsed }: Certificate,
  geometry: Geometry,
): Geometry {
  // With one cluster the mean block is a shift of all logits, which costs and gains nothing: it is zero.
  const meanIsZero = meanCollapsed === true || clusters.length === 1;
  const vanished = clusters.map(
    ([classes], cluster) => meanIsZero && (classes === 1 || collapsed[cluster] === true),
  );
  const cleared = (cosines: CosineTable): CosineTable =>
    cosines.map((row, i) => row.map((cosine, j) => (vanished[i]! || vanished[j]! ? null : cosine)));
  return {
    ...geometry,
    cosW: cleared(geometry.cosW),
    cosH: cleared(geometry.cosH),
    cosZ: cleared(geometry.cosZ),
  };
}
