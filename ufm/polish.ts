import type { Instance } from '../study/instance.js';
import type { Certificate } from './certificate.js';
import { reasonForGap } from './exact/reason-for-gap.js';
import { solveExact } from './exact/solve.js';
import { geometryOfBlocks, type Geometry } from './geometry.js';
import type { Standing } from './first-order/outcome.js';

export interface Polished {
  readonly objective: number;
  readonly certificate: Certificate;
  readonly geometry: Geometry;
  readonly iterations: number;
  /** See `reasonForGap`. */
  readonly reasonForGap: string | null;
}

/**
 * Goes on in float64 from where the tensor solver stands, when the instance asks for it and there is something to do:
 * a gap above the tolerance, a collapse that the certificate leaves open, or a rank above the one that it proves. Null
 * when there is nothing to do, when it leads nowhere better, or when the optimum is not proved to have as low a rank as
 * the features have dimensions, so that no W and H may reach it.
 *
 * The start is the average of the tensor solver's class-mean logits over the permutations of classes inside clusters,
 * and F there is no higher than at the tensor solver's own iterate. The samples of a class share its weight, target, scales
 * and shifts, and the weight of their features, so that their mean costs no more than they do (Jensen's inequality, class
 * by class); lambda |Z diag(s)|_*, s_k^2 = n_k phi_k, is the least that the weights of any W and H with W H = Z can cost;
 * and F in Z and b is convex and, as each remedy has one number for all classes of a cluster, invariant under those
 * permutations, so that averaging over them does not raise it.
 */
export function polish(instance: Instance, standing: Standing, reached: Geometry): Polished | null {
  if (!instance.polish || !isOpen(instance, standing, reached)) return null;
  const solved = solveExact(instance, standing.blocks);
  const { objective, certificate, iterations } = solved;
  if (certificate.rankBound > instance.featureDimension) return null;
  if (!(solved.relativeGap <= standing.relativeGap)) return null;
  return {
    objective,
    certificate,
    geometry: geometryOfBlocks(instance, solved.blocks),
    iterations,
    reasonForGap: reasonForGap(instance, solved),
  };
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
