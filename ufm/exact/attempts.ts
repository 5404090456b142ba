import type { BlockLogits } from '../blocks.js';
import type { ConvexProblem } from '../problem.js';
import { followLambda } from './continuation.js';
import { informedStart } from './informed-start.js';
import { solveManyClusters } from './many-clusters.js';
import { solveOneCluster } from './one-cluster.js';
import { FINE, SCALED, USUAL } from './semismooth-newton.js';
import type { Search } from './held-contrasts.js';
import type { ExactSolution } from './solution.js';
import { TwoClusterSolver } from './two-clusters.js';

/** One way to the optimum of a problem, from a start if there is one. */
export interface Attempt {
  /** As a message tells it. */
  readonly name: string;
  readonly run: Search;
}

/** About ten seconds: the way to an optimum takes up to eight of them. */
const MOST_WORK = 2e9;

const twoClusters = new TwoClusterSolver();

function solveUsually(problem: ConvexProblem, start: BlockLogits | null): ExactSolution {
  return problem.clusterCount === 2
    ? twoClusters.solve(problem, start)
    : solveManyClusters(problem, start, USUAL);
}

const CLOSED_FORM: Attempt = {
  name: 'the closed form',
  run: (problem) => ({ blocks: solveOneCluster(problem), iterations: 0 }),
};

/** The shortest way, where there is a start. */
const FROM_START: Attempt = { name: 'the start given', run: solveUsually };

/** What nearly all problems take; also where the start given was a bad one. */
const COLD: Attempt = {
  name: 'a cold start',
  run: (problem) => solveUsually(problem, null),
};

/** Where ratios are large and lambda is small a cold start has far to go, through curvature of all orders of magnitude. */
const INFORMED: Attempt = {
  name: 'an informed start',
  run: (problem) =>
    solveManyClusters(problem, informedStart(problem), { ...FINE, mostWork: MOST_WORK }),
};

/** Where even that start is far off. */
const FALLING_LAMBDA: Attempt = {
  name: 'falling lambda',
  run: (problem) => followLambda(problem, mostSteps(problem.clusterCount)),
};

/** Where a bias and the mean block can do the same, which all of the above are slow to find out. */
const SCALED_DAMPING: Attempt = {
  name: 'scaled damping',
  run: (problem) =>
    solveManyClusters(problem, informedStart(problem), { ...SCALED, mostWork: MOST_WORK }),
};

const OF_ONE = [CLOSED_FORM];
const OF_SEVERAL = [COLD, INFORMED, FALLING_LAMBDA, SCALED_DAMPING];

/** The ways to the optimum of a problem, in the order in which they are worth trying. */
export function attempts(
  { clusterCount }: ConvexProblem,
  start: BlockLogits | null,
): readonly Attempt[] {
  if (clusterCount === 1) return OF_ONE;
  return start === null ? OF_SEVERAL : [FROM_START, ...OF_SEVERAL];
}

/** Steps along lambda, so that they take about ten seconds at most: one takes up to 500 J^3 operations, and more of J. */
function mostSteps(J: number): number {
  return Math.round(Math.min(2000, 1.5e8 / J ** 4));
}
