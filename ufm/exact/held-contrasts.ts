import type { BlockLogits } from '../blocks.js';
import { emptyPredictions, predict } from '../predictions.js';
import { pullOf, type ConvexProblem } from '../problem.js';
import type { ExactSolution } from './solution.js';

/** A search of the optimum of a problem, from a start if there is one. */
export type Search = (problem: ConvexProblem, start: BlockLogits | null) => ExactSolution;

/**
 * Solves a problem with margins. A search takes |contrast| for the contrast, which is the same as long as no contrast
 * wants to be negative. That is what it wants from its threshold on, which a margin raises to where only the optimum says:
 * then it is held at zero, and let go where the slope at zero asks for it.
 */
export function holdContrasts(
  problem: ConvexProblem,
  start: BlockLogits | null,
  search: Search,
): ExactSolution {
  if (problem.margins.every((margin) => margin === 0)) return search(problem, start);
  let held: ReadonlySet<number> = new Set();
  let from = start;
  let iterations = 0;
  for (let round = 0; ; round++) {
    const found = search({ ...problem, heldContrasts: held }, from);
    iterations += found.iterations;
    const next = whatToHold(problem, found.blocks, held);
    if (isEqual(next, held) || round > 2 * problem.clusterCount) {
      return { blocks: found.blocks, iterations };
    }
    held = next;
    from = found.blocks;
  }
}

function whatToHold(
  problem: ConvexProblem,
  blocks: BlockLogits,
  held: ReadonlySet<number>,
): ReadonlySet<number> {
  const { clusterCount: J, classCount: K, otherTarget, lambda } = problem;
  const predictions = emptyPredictions(J);
  predict(problem, blocks, predictions);
  const next = new Set<number>();
  for (let j = 0; j < J; j++) {
    const same = predictions.other[j * J + j]!;
    const residual = predictions.rest[j]! + same - K * otherTarget[j]!;
    const isHeld = held.has(j) ? pullOf(problem, j) * residual <= lambda : blocks.contrast[j]! < 0;
    if (isHeld) next.add(j);
  }
  return next;
}

function isEqual(left: ReadonlySet<number>, right: ReadonlySet<number>): boolean {
  return left.size === right.size && [...left].every((j) => right.has(j));
}
