import type { Instance } from '../study/instance.js';
import { geometryOfFactors } from './geometry.js';
import { polish } from './polish.js';
import { found, lost, type Run } from './report.js';
import type { Solution } from './solution.js';
import type { Surroundings } from './solve-options.js';
import { chooseBackend, type ChosenBackend } from './tensor/backend.js';
import { batchesInMemory } from './tensor/memory.js';
import type { Arrival, TensorOutcome } from './tensor/outcome.js';
import { solveTensor } from './tensor/solve.js';
import { tidyAfter } from './tensor/tidy.js';

/** Solves instances in tensor batches, equal shapes together. */
export async function solveTensorInstances(
  instances: readonly Instance[],
  surroundings: Surroundings,
): Promise<Solution[]> {
  if (instances.length === 0) return [];
  const backend = await chooseBackend(surroundings.device);
  const solutions: Solution[] = [];
  for (const places of batchesInMemory(instances)) {
    const batch = places.map((place) => instances[place]!);
    const start = performance.now();
    const outcomes = await solveOrHalve(batch, surroundings);
    const seconds = shares(outcomes, (performance.now() - start) / 1000);
    batch.forEach((instance, i) => {
      solutions[places[i]!] = conclude(instance, outcomes[i]!, seconds[i]!, backend);
    });
  }
  return solutions;
}

/**
 * Solves a batch; where that fails, each of its halves, down to the instance that is to blame. So a batch that is too
 * large for its device is halved, and no instance fails because of another.
 */
async function solveOrHalve(
  instances: readonly Instance[],
  surroundings: Surroundings,
): Promise<TensorOutcome[]> {
  try {
    // A device that runs out of memory does so anywhere in a step; the halves need what that step held.
    return await tidyAfter(() => solveTensor(instances, surroundings));
  } catch (error) {
    surroundings.signal.throwIfAborted();
    if (instances.length === 1) {
      return [{ end: 'failed', evaluations: 0, message: (error as Error).message }];
    }
    const middle = Math.ceil(instances.length / 2);
    const first = await solveOrHalve(instances.slice(0, middle), surroundings);
    return [...first, ...(await solveOrHalve(instances.slice(middle), surroundings))];
  }
}

/** Shares out the seconds of a batch by the evaluations that each instance needed. */
function shares(outcomes: readonly TensorOutcome[], seconds: number): number[] {
  const total = outcomes.reduce((sum, { evaluations }) => sum + evaluations, 0);
  return outcomes.map(({ evaluations }) => (total === 0 ? 0 : (seconds * evaluations) / total));
}

function conclude(
  instance: Instance,
  outcome: TensorOutcome,
  secondsOfTensor: number,
  { backend, device }: ChosenBackend,
): Solution {
  const start = performance.now();
  const run = (polishIterations: number): Run => ({
    iterations: outcome.evaluations,
    polishIterations,
    seconds: secondsOfTensor + (performance.now() - start) / 1000,
    backend,
    device,
  });
  if (outcome.end === 'failed') return lost('failed', outcome.message, run(0));
  if (outcome.end === 'diverged') {
    const message =
      `The iteration left the finite numbers after ${outcome.evaluations} evaluations from seed ` +
      `${String(instance.seed)}. Try another seed, or solver: exact.`;
    return lost('diverged', message, run(0));
  }
  try {
    return settle(instance, outcome.arrival, run);
  } catch (error) {
    return lost('failed', (error as Error).message, run(0));
  }
}

/** The solution where the tensor solver arrived, or where the polish led from there. */
function settle(
  instance: Instance,
  arrival: Arrival,
  run: (polishIterations: number) => Run,
): Solution {
  const { iterate, certificate, relativeGap, withinClass } = arrival;
  const geometry = geometryOfFactors(instance, iterate);
  const polished = polish(instance, arrival, geometry);
  if (polished === null) {
    return found(instance, run(0), {
      objective: iterate.objective,
      certificate,
      geometry,
      relativeGapBeforePolish: null,
      withinClass,
    });
  }
  return found(instance, run(polished.iterations), {
    objective: polished.objective,
    certificate: polished.certificate,
    geometry: polished.geometry,
    relativeGapBeforePolish: relativeGap,
    withinClass,
  });
}
