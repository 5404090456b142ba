import type { Instance } from '../study/instance.js';
import { chooseEngine, type ChosenEngine } from './choose-engine.js';
import { balance } from './first-order/balance.js';
import { cutToMemory, groupByShape } from './first-order/batches.js';
import type { Engine } from './first-order/engine.js';
import type { Outcome, Standing } from './first-order/outcome.js';
import { solveFirstOrder } from './first-order/solve.js';
import { geometryOfFactors } from './geometry.js';
import { polish } from './polish.js';
import { found, lost, type Run } from './report.js';
import type { Solution } from './solution.js';
import type { Surroundings } from './solve-options.js';

/** Solves instances by first-order steps, equal shapes together. */
export async function solveTensorInstances(
  instances: readonly Instance[],
  surroundings: Surroundings,
): Promise<Solution[]> {
  const solutions: Solution[] = [];
  for (const places of groupByShape(instances)) {
    const ofShape = places.map((place) => instances[place]!);
    const chosen = await chooseEngine(surroundings.device, balance(ofShape[0]!), ofShape.length);
    const next = places.values();
    for (const batch of cutToMemory(ofShape, chosen.engine)) {
      const start = performance.now();
      const outcomes = await solveOrHalve(batch, chosen.engine, surroundings);
      const seconds = shares(outcomes, (performance.now() - start) / 1000);
      batch.forEach((instance, i) => {
        solutions[next.next().value!] = postprocess(instance, outcomes[i]!, seconds[i]!, chosen);
      });
    }
  }
  return solutions;
}

/**
 * Solves a batch; where that fails, each of its halves, down to the instance that is to blame. So a batch that is too
 * large for its device is halved, and no instance fails because of another.
 */
async function solveOrHalve(
  instances: readonly Instance[],
  engine: Engine,
  surroundings: Surroundings,
): Promise<Outcome[]> {
  try {
    return await solveFirstOrder(instances, engine, surroundings);
  } catch (error) {
    surroundings.signal.throwIfAborted();
    if (instances.length === 1) {
      return [{ end: 'failed', evaluations: 0, message: (error as Error).message }];
    }
    const middle = Math.ceil(instances.length / 2);
    const first = await solveOrHalve(instances.slice(0, middle), engine, surroundings);
    return [...first, ...(await solveOrHalve(instances.slice(middle), engine, surroundings))];
  }
}

/** Shares out the seconds of a batch by the evaluations that each instance needed. */
function shares(outcomes: readonly Outcome[], seconds: number): number[] {
  const total = outcomes.reduce((sum, { evaluations }) => sum + evaluations, 0);
  return outcomes.map(({ evaluations }) => (total === 0 ? 0 : (seconds * evaluations) / total));
}

/** What a row says of an instance that has terminated. */
function postprocess(
  instance: Instance,
  outcome: Outcome,
  secondsOfBatch: number,
  { backend, device }: ChosenEngine,
): Solution {
  const start = performance.now();
  const run = (polishIterations: number): Run => ({
    iterations: outcome.evaluations,
    polishIterations,
    seconds: secondsOfBatch + (performance.now() - start) / 1000,
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

/** The solution where first-order steps arrived, or where the polish led from there. */
function settle(
  instance: Instance,
  arrival: Standing,
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
      reasonForGap: null,
    });
  }
  return found(instance, run(polished.iterations), {
    objective: polished.objective,
    certificate: polished.certificate,
    geometry: polished.geometry,
    relativeGapBeforePolish: relativeGap,
    withinClass,
    reasonForGap: polished.reasonForGap,
  });
}
