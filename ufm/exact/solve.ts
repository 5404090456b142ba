import type { Instance } from '../../study/instance.js';
import type { BlockLogits } from '../blocks.js';
import { objectiveOfBlocks } from '../objective.js';
import { convexProblem, type ConvexProblem } from '../problem.js';
import { solveManyClusters } from './many-clusters.js';
import { solveOneCluster } from './one-cluster.js';
import type { ExactSolution } from './solution.js';
import { TwoClusterSolver } from './two-clusters.js';

const twoClusters = new TwoClusterSolver();

/**
 * Solves the convex problem of an instance in float64, from a start if there is one: any finite blocks. The feature
 * dimension plays no part: where it is below the optimal rank, these logits are of no W and H.
 */
export function solveExact(
  instance: Instance,
  start?: BlockLogits,
): { blocks: BlockLogits; objective: number; iterations: number } {
  const problem = convexProblem(instance);
  const { blocks, iterations } = solveClusters(problem, start ?? null);
  return { blocks, objective: objectiveOfBlocks(problem, blocks), iterations };
}

function solveClusters(problem: ConvexProblem, start: BlockLogits | null): ExactSolution {
  if (problem.clusterCount === 1) return { blocks: solveOneCluster(problem), iterations: 0 };
  if (problem.clusterCount === 2) return twoClusters.solve(problem, start);
  return solveManyClusters(problem, start);
}
