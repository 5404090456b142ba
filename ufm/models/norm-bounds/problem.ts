import type { Instance } from '../../../study/instance.js';
import { convexProblem, type ConvexProblem } from '../../problem.js';

/**
 * The layer-peeled model of Fang, He, Long & Su (PNAS 2021, arXiv:2101.12699), with norms that are bounded in place of
 * penalties; features of a class are in one place, where its minima are:
 *
 *     min over W, H:  F = sum_k c_k CE(W h_k, e_k)    with |W|^2 <= K E_W,  sum_k |h_k|^2 <= K E_H
 *
 * What Z = W H can be under these bounds is |Z|_* <= R = K sqrt(E_W E_H), so that it is a convex problem in Z. Its numbers are
 * those of the family with s = 1, and lambda is left open.
 */
export interface BoundedProblem extends ConvexProblem {
  /** R, which carries the roundings of two roots and two products. */
  readonly radius: number;
}

/** The feature penalties that make s = 1 of an instance's family. */
export function unitPenalties({ clusters }: Instance): readonly number[] {
  return clusters.map(([, samples]) => 1 / samples);
}

export const ROUNDINGS_OF_RADIUS = 4;

/** The problem of an instance without a bias. */
export function boundedProblem(instance: Instance): BoundedProblem {
  const problem = convexProblem(instance);
  return {
    ...problem,
    squaredScales: new Float64Array(problem.clusterCount).fill(1),
    massPerScale: problem.masses,
    lambda: 0,
    radius: problem.classCount * Math.sqrt(instance.boundW!) * Math.sqrt(instance.boundH!),
  };
}
