import type { BlockLogits } from '../blocks.js';
import type { ConvexProblem } from '../problem.js';
import { followLambda } from './continuation.js';
import { informedStart } from './informed-start.js';
import { solveManyClusters } from './many-clusters.js';
import { solveOneCluster } from './one-cluster.js';
import { FINE, USUAL } from './semismooth-newton.js';
import type { ExactSolution } from './solution.js';
import { TwoClusterSolver } from './two-clusters.js';

/** One way to the optimum. */
export interface Attempt {
  /** As a message tells it. */
  readonly name: string;
  readonly run: () => ExactSolution;
}

const twoClusters = new TwoClusterSolver();

/**
 * The ways to the optimum of a problem, in the order in which they are worth trying, each for a reason:
 *
 * - from the start given: the shortest way, where there is one;
 * - a cold start: what nearly all problems take; any number of clusters ends up there when the start given was a bad one;
 * - an informed start with fine damping: where ratios are large and lambda is small, the cold start has far to go through
 *   predictions whose curvature differs by ten orders of magnitude;
 * - along lambda: where even that start is far off.
 */
export function attempts(problem: ConvexProblem, start: BlockLogits | null): readonly Attempt[] {
  const J = problem.clusterCount;
  if (J === 1) {
    return [
      { name: 'the closed form', run: () => ({ blocks: solveOneCluster(problem), iterations: 0 }) },
    ];
  }
  const usual = (from: BlockLogits | null) =>
    J === 2 ? twoClusters.solve(problem, from) : solveManyClusters(problem, from, USUAL);
  return [
    ...(start === null ? [] : [{ name: 'the start given', run: () => usual(start) }]),
    { name: 'a cold start', run: () => usual(null) },
    {
      name: 'an informed start',
      run: () => solveManyClusters(problem, informedStart(problem), FINE),
    },
    { name: 'falling lambda', run: () => followLambda(problem, mostSteps(J)) },
  ];
}

/** Steps along lambda, so that they take about ten seconds at most: one takes up to 500 J^3 operations, and more of J. */
function mostSteps(J: number): number {
  return Math.round(Math.min(2000, 1.5e8 / J ** 4));
}
