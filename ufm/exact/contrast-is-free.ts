import { pullOf, type ConvexProblem } from '../problem.js';

/**
 * Whether cluster j's contrast can be other than zero at the optimum: it has one, and lambda is below its threshold
 *
 *     delta_j c_j/s_j ((t_own - t_same) - (own - same)),    own = exp(-margin) same    at a contrast of zero
 *
 * where own = same without a margin. With one the threshold is higher, and depends on what the other clusters do: below the
 * most that it can be, with nothing predicted outside the cluster, the contrast counts as free.
 */
export function contrastIsFree(problem: ConvexProblem, j: number): boolean {
  const { classes, classCount: K, otherTarget, margins, lambda } = problem;
  if (problem.heldContrasts?.has(j)) return false;
  const k = classes[j]!;
  const odds = Math.exp(-margins[j]!);
  const ofMargin = (1 - odds) / (k - 1 + odds);
  const residual = 1 - K * otherTarget[j]! + ofMargin;
  return k > 1 && lambda < pullOf(problem, j) * residual;
}
