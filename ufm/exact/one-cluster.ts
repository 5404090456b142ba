import type { BlockLogits } from '../blocks.js';
import type { ConvexProblem } from '../problem.js';

/**
 * The optimum of a single cluster, in closed form. F = log(1 + (k - 1) exp(-s)) + lambda (k - 1) sqrt(n) s has its
 * minimum where the probability of being wrong is x = lambda (k - 1) sqrt(n), or at s = 0 when that is beyond 1 - 1/k.
 */
export function solveOneCluster({ classes, samples, lambda, lambdaB }: ConvexProblem): BlockLogits {
  const siblings = classes[0]! - 1;
  const wrong = lambda * siblings * Math.sqrt(samples[0]!);
  const collapses = wrong >= siblings / (siblings + 1);
  const contrast = collapses ? 0 : Math.log((siblings * (1 - wrong)) / wrong);
  return {
    contrast: Float64Array.of(contrast),
    mean: new Float64Array(1),
    bias: lambdaB === null ? null : new Float64Array(1),
  };
}
