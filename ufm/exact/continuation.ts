import { pullOf, type ConvexProblem } from '../problem.js';
import { informedStart } from './informed-start.js';
import { solveManyClusters } from './many-clusters.js';
import { FINE, type Care } from './semismooth-newton.js';
import type { ExactSolution } from './solution.js';

/** lambda falls by this factor from one stop to the next, at first: odds then change by about as much. */
const FIRST_FACTOR = 3;
const LARGEST_FACTOR = 10;
/** Stops closer together than this tell of another trouble than distance. */
const LEAST_FACTOR = 1.1;
/** How far above the lambda asked for the way begins at least. */
const LEAST_WAY = 30;
/** A stop is a start for the next one and need not be exact. */
const STOP: Care = { ...FINE, mostSteps: 60, lastDecrement: 1e-8 };

/**
 * Follows the optimum as lambda falls to the one asked for, from where hardly anything is left of Y: each stop starts
 * where the last one ended. A stop that is not reached is tried again half as far off, on the scale of log lambda. At
 * most about `mostSteps` Newton steps.
 */
export function followLambda(problem: ConvexProblem, mostSteps: number): ExactSolution {
  const { lambda: goal } = problem;
  const largest = problem.classes.reduce((most, _, j) => Math.max(most, pullOf(problem, j)), 0);
  let lambda = Math.max(LEAST_WAY * goal, largest);
  let blocks = informedStart({ ...problem, lambda });
  let factor = FIRST_FACTOR;
  let steps = 0;
  for (let next = lambda; steps < mostSteps; next = Math.max(goal, lambda / factor)) {
    const care = next === goal ? FINE : STOP;
    const stop = solveManyClusters({ ...problem, lambda: next }, blocks, care);
    steps += stop.iterations;
    if (next === goal && stop.hasConverged) return { blocks: stop.blocks, iterations: steps };
    if (stop.hasConverged) {
      ({ blocks } = stop);
      lambda = next;
      factor = Math.min(LARGEST_FACTOR, factor * Math.sqrt(FIRST_FACTOR));
    } else {
      factor = Math.sqrt(Math.min(factor, lambda / next));
      if (!(factor > LEAST_FACTOR)) break;
    }
  }
  const last = solveManyClusters(problem, blocks, FINE);
  return { blocks: last.blocks, iterations: steps + last.iterations };
}
