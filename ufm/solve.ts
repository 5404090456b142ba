import type { Instance, SolverKind } from '../study/instance.js';
import { onlyFinite } from './only-finite.js';
import { solveExactInstances } from './solve-exact.js';
import { solveTensorInstances } from './solve-tensor.js';
import type { Solution } from './solution.js';
import type { SolveOptions } from './solve-options.js';

/**
 * Solves instances of any shapes: the exact ones one by one in float64, the others in batches of first-order steps. An instance that
 * fails or diverges is a solution with that status and a message; the others are not touched by it. Every number of a
 * solution is finite.
 *
 * @throws the signal's reason when it aborts; an error when the device asked for is not there.
 */
export async function solveBatch(
  instances: readonly Instance[],
  options: SolveOptions,
): Promise<Solution[]> {
  const surroundings = {
    device: options.device,
    signal: options.signal ?? new AbortController().signal,
    onEnded: options.onEnded ?? (() => undefined),
  };
  const ofKind = (kind: SolverKind) => instances.filter(({ solver }) => solver === kind);
  const exact = await solveExactInstances(ofKind('exact'), surroundings);
  const tensor = await solveTensorInstances(ofKind('tensor'), surroundings);
  const next = { exact: exact.values(), tensor: tensor.values() };
  return instances.map(({ solver }) => onlyFinite(next[solver].next().value!));
}
