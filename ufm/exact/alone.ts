import type { ConvexProblem } from '../problem.js';

/** Odds of a class against another that are given at least, so that a start is off the kink of the norm at zero. */
const LEAST_ODDS = 1.2;

/**
 * By how much a class of this cluster would lead every other one at the optimum if all classes had its number of
 * samples: there Z = s (I - 1 1'/K), and s is known in closed form.
 */
export function leadAlone(problem: ConvexProblem, cluster: number): number {
  const { classCount: K, totalMass, massPerScale, squaredScales, lambda } = problem;
  const { logitScales, margins, otherTarget } = problem;
  const scale = logitScales[cluster]!;
  const pull = scale * massPerScale[cluster]! * Math.sqrt(squaredScales[cluster]!);
  const wrong = (lambda * totalMass) / pull + K * otherTarget[cluster]!;
  return (Math.log(Math.max(LEAST_ODDS, K / wrong - (K - 1))) + margins[cluster]!) / scale;
}
