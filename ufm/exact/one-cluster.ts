import type { BlockLogits } from '../blocks.js';
import type { ConvexProblem } from '../problem.js';

/**
 * The optimum of a single cluster, in closed form. With x the contrast, z = delta x - m and w = k c,
 *
 *     F = w (log(1 + (k - 1) exp(-z)) + (k - 1) t_other z) + lambda (k - 1) s x
 *
 * has its minimum where the probability of being wrong is lambda (k - 1) s / (w delta) + (k - 1) t_other, or at x = 0 when
 * that is beyond what it is there.
 */
export function solveOneCluster(problem: ConvexProblem): BlockLogits {
  const { classes, squaredScales, weights, lambda, lambdaB } = problem;
  const { logitScales, margins, otherTarget } = problem;
  const siblings = classes[0]! - 1;
  const [scale, margin] = [logitScales[0]!, margins[0]!];
  const ofPenalty = (lambda * siblings * Math.sqrt(squaredScales[0]!)) / (weights[0]! * scale);
  const wrong = ofPenalty + siblings * otherTarget[0]!;
  const oddsAtZero = siblings * Math.exp(margin);
  const collapses = wrong >= oddsAtZero / (oddsAtZero + 1);
  const lead = collapses ? 0 : Math.log((siblings * (1 - wrong)) / wrong) + margin;
  const contrast = lead / scale;
  return {
    contrast: Float64Array.of(contrast),
    mean: new Float64Array(1),
    bias: lambdaB === null ? null : new Float64Array(1),
  };
}
