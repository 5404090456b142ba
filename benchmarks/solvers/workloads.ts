import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { expandGrid } from '../../study/expand.js';
import type { Instance } from '../../study/instance.js';
import { formatProblems, parseStudy } from '../../study/parse.js';

export const WORKLOAD_NAMES = ['paper', 'long-tail', 'per-sample'] as const;

export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

const FOLDER = path.join(PROJECT_ROOT, 'benchmarks/solvers/workloads');

/**
 * The instances of a study file in `workloads/`, for the tensor solver, in an order in which every first part of them
 * is spread over the whole: slow contenders solve only so many.
 */
export function readWorkload(name: WorkloadName): Instance[] {
  const fileName = path.join(FOLDER, `${name}.yaml`);
  const parsed = parseStudy(readFileSync(fileName, 'utf8'), fileName);
  if (!parsed.ok) throw new Error(formatProblems(parsed.fileName, parsed.problems));
  const { study } = parsed;
  const points = study.grids.flatMap((grid) => [...expandGrid(study, grid)]);
  return spread(points.map(({ instance }) => instance));
}

/** The same instance for the exact solver, which needs no start. */
export function forExactSolver(instance: Instance): Instance {
  return { ...instance, solver: 'exact', seed: null };
}

/** Takes steps of the golden ratio round the list, or of the next length that misses no place. */
function spread<T>(items: readonly T[]): T[] {
  const length = items.length;
  let stride = Math.round(length * (Math.sqrt(5) / 2 - 0.5));
  while (greatestCommonDivisor(stride, length) > 1) stride += 1;
  return items.map((_, i) => items[(i * stride) % length]!);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
