import type { Instance } from '../study/instance.js';
import { misfitOf } from '../study/misfit.js';
import { perhapsTooFewFeatures, tooFewFeatures } from './few-features.js';
import { solverOf } from './models/solver-of.js';
import type { Solved } from './models/solved.js';
import { pauses } from './pauses.js';
import { found, lost, type Run } from './report.js';
import type { Solution } from './solution.js';
import type { Surroundings } from './solve-options.js';

/** Solves instances in float64, one by one. */
export async function solveExactInstances(
  instances: readonly Instance[],
  { signal, onEnded }: Surroundings,
): Promise<Solution[]> {
  const solutions: Solution[] = [];
  const pause = pauses(signal);
  for (const instance of instances) {
    solutions.push(solveExactly(instance));
    onEnded(1);
    await pause();
  }
  return solutions;
}

function solveExactly(instance: Instance): Solution {
  const start = performance.now();
  const run = (iterations: number): Run => ({
    iterations,
    polishIterations: 0,
    seconds: (performance.now() - start) / 1000,
    backend: 'float64',
    device: 'cpu',
  });
  const misfit = misfitOf(instance);
  if (misfit !== null) return lost('failed', `${misfit.field} ${misfit.reason}.`, run(0));
  try {
    return postprocess(instance, solverOf(instance)(instance), run);
  } catch (error) {
    return lost('failed', (error as Error).message, run(0));
  }
}

/**
 * What a row says of an instance that was solved. The objective is that of logits which need so many features: only where
 * they are proved to be there does a small gap make a point certified.
 */
function postprocess(
  instance: Instance,
  solved: Solved,
  run: (iterations: number) => Run,
): Solution {
  const { iterations, features } = solved;
  const { featureDimension } = instance;
  if (features.least > featureDimension) {
    return lost('failed', tooFewFeatures(instance, features.least), run(iterations));
  }
  const solution = found(instance, run(iterations), {
    ...solved,
    relativeGapBeforePolish: null,
    withinClass: null,
  });
  if (featureDimension >= features.enough) return solution;
  const message = perhapsTooFewFeatures(instance, features.enough);
  return {
    ...solution,
    status: 'uncertified',
    collapsed: instance.clusters.map(() => null),
    meanCollapsed: null,
    message,
  };
}
