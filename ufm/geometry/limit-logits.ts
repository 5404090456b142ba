import type { BlockLogits } from '../blocks.js';
import type { ConvexProblem } from '../problem.js';

/**
 * The direction of Z in the limit of vanishing regularization, where the optimum goes to the max-margin solution: the SELI of
 * Thrampoulidis et al. (NeurIPS 2022), with rows scaled by delta (Behnia et al., arXiv:2303.07160).
 *
 *     Z = diag(1/delta) (I - 1 v'),    v_k = delta_k^-2 / sum delta^-2    without a bias, or with one that costs
 *     Z = I - p 1',                    p_i = s_i^2 / sum s^2              with a free bias, which takes over the rest
 *
 * Null with a free bias and a delta, where no closed form is known. Weights of the loss, shifts and margins have no part in it.
 */
export function limitLogits(problem: ConvexProblem): BlockLogits | null {
  const { clusterCount: J, classes, squaredScales, logitScales, lambdaB } = problem;
  const isFree = lambdaB === 0;
  if (isFree && logitScales.some((scale) => scale !== 1)) return null;
  const parts = isFree ? squaredScales : logitScales.map((scale) => 1 / (scale * scale));
  const all = parts.reduce((sum, part, a) => sum + classes[a]! * part, 0);
  const mean = new Float64Array(J * J);
  for (let a = 0; a < J; a++) {
    for (let c = 0; c < J; c++) {
      const share = parts[isFree ? a : c]! / all;
      mean[a * J + c] = ((a === c ? 1 / classes[a]! : 0) - share) / logitScales[a]!;
    }
  }
  const contrast = classes.map((k, a) => (k > 1 ? 1 / logitScales[a]! : 0));
  return { contrast, mean, bias: null };
}
