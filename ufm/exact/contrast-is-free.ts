import type { ConvexProblem } from '../problem.js';

/** Whether cluster j's contrast can be other than zero at the optimum: it has one, and lambda is below its threshold. */
export function contrastIsFree(problem: ConvexProblem, j: number): boolean {
  const { classes, samples, sampleCount, lambda } = problem;
  return classes[j]! > 1 && lambda < Math.sqrt(samples[j]!) / sampleCount;
}
