import type { Instance, SolverKind } from '../study/instance.js';
import { isSpecial } from '../study/misfit.js';
import { onlyFinite } from './only-finite.js';
import { solveExactInstances } from './solve-exact.js';
import type { Solution } from './solution.js';
import type { SolveOptions, Surroundings } from './solve-options.js';

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
  const ofKind = (kind: SolverKind) => instances.filter((instance) => kindFor(instance) === kind);
  const exact = await solveExactInstances(ofKind('exact'), surroundings);
  const tensor = await solveTensors(ofKind('tensor'), surroundings);
  const next = { exact: exact.values(), tensor: tensor.values() };
  return instances.map((instance) => onlyFinite(next[kindFor(instance)].next().value!));
}

/** What solves an instance: first-order steps know the family alone, and what asks for them elsewhere is told so. */
function kindFor(instance: Instance): SolverKind {
  return isSpecial(instance) ? 'exact' : instance.solver;
}

/** TensorFlow is loaded when it is wanted: each thread takes as long for it as for thousands of exact solutions. */
async function solveTensors(
  instances: readonly Instance[],
  surroundings: Surroundings,
): Promise<Solution[]> {
  if (instances.length === 0) return [];
  const { solveTensorInstances } = await import('./solve-tensor.js');
  return solveTensorInstances(instances, surroundings);
}
