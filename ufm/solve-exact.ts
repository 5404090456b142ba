import type { Instance } from '../study/instance.js';
import { certify } from './certificate.js';
import { solveExact } from './exact/solve.js';
import { geometryOfBlocks } from './geometry.js';
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
  try {
    return postprocess(instance, solveExact(instance), run);
  } catch (error) {
    return lost('failed', (error as Error).message, run(0));
  }
}

/**
 * What a row says of an instance that was solved. The objective is that of logits which need as many features as their
 * rank: only where that many are proved to be there does a small gap make a point certified.
 */
function postprocess(
  instance: Instance,
  { blocks, objective, iterations }: ReturnType<typeof solveExact>,
  run: (iterations: number) => Run,
): Solution {
  const geometry = geometryOfBlocks(instance, blocks);
  const certificate = certify(instance, blocks);
  const { featureDimension } = instance;
  const rank = Math.max(geometry.rank, certificate.leastRank);
  if (rank > featureDimension) {
    const message =
      `The optimum without a limit on features has rank ${rank}, and ${featureDimension} features cannot ` +
      `carry it: the problem is not convex there. Use solver: tensor, or at least ${rank} features.`;
    return lost('failed', message, run(iterations));
  }
  const solution = found(instance, run(iterations), {
    objective,
    certificate,
    geometry,
    relativeGapBeforePolish: null,
    withinClass: null,
  });
  if (featureDimension >= certificate.rankBound) return solution;
  const message =
    `Whether ${featureDimension} features carry the optimum is not proved: its rank is at most ` +
    `${certificate.rankBound}. Use solver: tensor, or at least ${certificate.rankBound} features.`;
  return { ...solution, status: 'uncertified', message };
}
