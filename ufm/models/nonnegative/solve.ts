import type { Instance } from '../../../study/instance.js';
import { gapLeft } from '../gap-left.js';
import { blocksOfLeads } from '../symmetric-blocks.js';
import type { Solved } from '../solved.js';
import { certificateOf, countAlive } from './aliveness.js';
import { proveBiasedClasses } from './biased-classes.js';
import { geometryOfLasso } from './geometry.js';
import { groupLassoAt, solveGroupLasso } from './group-lasso.js';
import { leadOf, proveLoneClasses } from './lone-classes.js';
import { nonnegativeProblem, type NonnegativeProblem } from './problem.js';

const SHARED =
  'with a bias some classes may share a feature at less cost than the objective, that of the group lasso, where each class ' +
  'has its own. Both bounds hold. Use no bias, a larger weight of the bias, or a smaller ratio of sample counts.';

const ROUNDED = 'float64 carries no more. Use a larger tolerance or a larger lambda.';

/**
 * Features that are not negative: the group lasso, which is the optimum wherever the bound reaches it, and above it elsewhere.
 * See `problem.ts`.
 */
export function solveNonnegative(instance: Instance): Solved {
  const problem = nonnegativeProblem(instance);
  return problem.lambdaB === null
    ? solveWithoutBias(instance, problem)
    : solveWithBias(instance, problem);
}

function solveWithoutBias(instance: Instance, problem: NonnegativeProblem): Solved {
  const solution = problem.classes.map((_, c) => leadOf(problem, c));
  const blocks = blocksOfLeads(instance.clusters, solution);
  const { lowerBound, states } = proveLoneClasses(problem, solution);
  const { least, most } = countAlive(problem, states);
  const objective = groupLassoAt(problem, blocks);
  return {
    objective,
    certificate: certificateOf(
      problem,
      lowerBound,
      states,
      Math.min(least, problem.classCount - 1),
    ),
    geometry: geometryOfLasso(instance, problem, blocks),
    iterations: 0,
    features: { least, enough: most },
    reasonForGap: gapLeft(instance, objective, lowerBound, ROUNDED),
  };
}

function solveWithBias(instance: Instance, problem: NonnegativeProblem): Solved {
  const { blocks, iterations } = solveGroupLasso(problem);
  const { lowerBound, states } = proveBiasedClasses(problem, blocks);
  const { most } = countAlive(problem, states);
  const leastRank = leastRankOf(problem, states);
  const objective = groupLassoAt(problem, blocks);
  return {
    objective,
    certificate: certificateOf(problem, lowerBound, states, leastRank),
    geometry: geometryOfLasso(instance, problem, blocks),
    iterations,
    features: { least: leastRank, enough: most },
    reasonForGap: gapLeft(instance, objective, lowerBound, SHARED),
  };
}

/** The contrasts of clusters that are there. */
function leastRankOf({ classes }: NonnegativeProblem, states: readonly (boolean | null)[]): number {
  return states.reduce((sum, isAlive, c) => (isAlive === true ? sum + classes[c]! - 1 : sum), 0);
}
