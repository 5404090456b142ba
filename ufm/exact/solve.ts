import type { Instance } from '../../study/instance.js';
import type { BlockLogits } from '../blocks.js';
import { certify, type Certificate } from '../certificate.js';
import { objectiveOfBlocks } from '../objective.js';
import { convexProblem, type ConvexProblem } from '../problem.js';
import { attempts } from './attempts.js';
import { holdContrasts } from './held-contrasts.js';
import type { ExactSolution } from './solution.js';

/** Where the exact solver ended, and what is proved there. */
export interface ExactlySolved {
  readonly blocks: BlockLogits;
  readonly objective: number;
  readonly certificate: Certificate;
  /** (objective - lower bound) / objective; Infinity where that is no number. */
  readonly relativeGap: number;
  /** Newton steps of all attempts. */
  readonly iterations: number;
  /** The names of the attempts, the last one first to have closed the gap if any has. */
  readonly tried: readonly string[];
}

/** A search that ended at the optimum leaves less than this, whatever the tolerance is: another would not do better. */
export const WORTH_ANOTHER_ATTEMPT = 1e-9;

/**
 * Solves the convex problem of an instance in float64, from a start if there is one: any finite blocks. The feature
 * dimension plays no part: where it is below the optimal rank, these logits are of no W and H.
 *
 * The certificate judges each attempt; the next one is made where the gap is above the tolerance, and the best counts.
 */
export function solveExact(instance: Instance, start: BlockLogits | null = null): ExactlySolved {
  const problem = convexProblem(instance);
  const goal = Math.max(instance.tolerance, WORTH_ANOTHER_ATTEMPT);
  const tried: string[] = [];
  let iterations = 0;
  let best: Reached | null = null;
  for (const attempt of attempts(problem, start)) {
    const reached = judge(instance, problem, holdContrasts(problem, start, attempt.run));
    tried.push(attempt.name);
    iterations += reached.iterations;
    if (best === null || reached.relativeGap < best.relativeGap) best = reached;
    if (best.relativeGap <= goal) break;
  }
  return { ...best!, iterations, tried };
}

type Reached = Omit<ExactlySolved, 'tried'>;

function judge(
  instance: Instance,
  problem: ConvexProblem,
  { blocks, iterations }: ExactSolution,
): Reached {
  const objective = objectiveOfBlocks(problem, blocks);
  const certificate = certify(instance, blocks);
  const gap = (objective - certificate.lowerBound) / objective;
  const relativeGap = Number.isNaN(gap) ? Infinity : gap;
  return { blocks, objective, certificate, relativeGap, iterations };
}
