import type { Instance } from '../study/instance.js';
import type { Solution } from '../ufm/solution.js';
import type { SolveOptions } from '../ufm/solve-options.js';
import { solveBatch } from '../ufm/solve.js';
import { hasFailed } from './outcome.js';
import { note, span } from './span.js';

/** Solves a batch, as a span that says how many points, of which how many failed, and on which device. None of nothing. */
export function solveTraced(
  instances: readonly Instance[],
  options: SolveOptions,
): Promise<Solution[]> {
  if (instances.length === 0) return solveBatch(instances, options);
  return span('solve', { 'ufm.points': instances.length }, async () => {
    const solutions = await solveBatch(instances, options);
    note({ 'ufm.points_failed': solutions.filter(({ status }) => hasFailed(status)).length });
    for (const { backend, device } of solutions.slice(0, 1)) {
      note({ 'ufm.backend': backend, 'ufm.device': device });
    }
    return solutions;
  });
}
