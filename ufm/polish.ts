import type { Instance } from '../study/instance.js';
import { certify, type Certificate } from './certificate.js';
import { solveExact } from './exact/solve.js';
import { geometryOfBlocks, type Geometry } from './geometry.js';
import type { Standing } from './first-order/outcome.js';

export interface Polished {
  readonly objective: number;
  readonly certificate: Certificate;
  readonly geometry: Geometry;
  readonly iterations: number;
}

/**
 * Goes on in float64 from where the tensor solver stands, when the instance asks for it and there is something to do:
 * a gap above the tolerance, a collapse that the certificate leaves open, or a rank above the one that it proves. Null
 * when there is nothing to do, or when the optimum is not proved to have as low a rank as the features have dimensions,
 * so that no W and H may reach it.
 *
 * The start is the average of the tensor solver's class-mean logits over the permutations of classes inside clusters,
 * and F there is no higher than at the tensor solver's own iterate: class means cost no more than their samples
 * (Jensen's inequality); lambda |Z D^(1/2)|_* is the least that the weights of any W and H with W H = Z can cost; and
 * F in Z and b is convex and invariant under those permutations, so that averaging over them does not raise it.
 */
export function polish(instance: Instance, standing: Standing, reached: Geometry): Polished | null {
  if (!instance.polish || !isOpen(instance, standing, reached)) return null;
  const { blocks, objective, iterations } = solveExact(instance, standing.blocks);
  const certificate = certify(instance, blocks);
  if (certificate.rankBound > instance.featureDimension) return null;
  return { objective, certificate, geometry: geometryOfBlocks(instance, blocks), iterations };
}

function isOpen(
  instance: Instance,
  { certificate, relativeGap }: Standing,
  { rank }: Geometry,
): boolean {
  const { collapsed, meanCollapsed, rankBound } = certificate;
  return (
    relativeGap > instance.tolerance ||
    rank > rankBound ||
    (meanCollapsed === null && instance.clusters.length > 1) ||
    instance.clusters.some(([classes], cluster) => classes > 1 && collapsed[cluster] === null)
  );
}
