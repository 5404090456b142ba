import { geometryOfBlocks, type Geometry } from '../../ufm/geometry.js';
import { limitLogits } from '../../ufm/geometry/limit-logits.js';
import { convexProblem, type PenalizedProblem } from '../../ufm/problem.js';
import { isSpecial } from '../../study/misfit.js';
import { predictedThreshold } from '../../study/theory.js';

/** Less than this power of the samples and lambda in units of the threshold stands still, as far as rounded counts tell. */
const STEADY = 0.02;

/**
 * The geometry that the optimum tends to as samples grow, from the first and the last of some certified points: where lambda
 * falls against the threshold, lambda N / sqrt(n) -> 0, regularization vanishes and the limit is the max-margin solution,
 * which the ratios of the sample counts tell (`limitLogits`). Null where lambda does not fall so, and where that solution is
 * not known.
 */
export function largeSampleLimit(first: PenalizedProblem, last: PenalizedProblem): Geometry | null {
  if (isSpecial(last)) return null;
  const growth = Math.log(last.clusters.at(-1)![1] / first.clusters.at(-1)![1]);
  const fall = Math.log(relativeLambda(last) / relativeLambda(first));
  if (!(growth > 0) || !(fall < -STEADY * growth)) return null;
  const logits = limitLogits(convexProblem(last));
  return logits && geometryOfBlocks(last, logits);
}

/** lambda in units of the last cluster's threshold. */
function relativeLambda(problem: PenalizedProblem): number {
  const lambda = Math.sqrt(problem.lambdaW) * Math.sqrt(problem.lambdaH);
  return lambda / predictedThreshold(problem, problem.clusters.length - 1);
}
