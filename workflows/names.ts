import type { StudyReference } from '../study/orchestration.js';

/** Task queues: planning and analyzing are light and few, solving is heavy and scales out. */
export const CONTROL_QUEUE = 'ufm-control';
export const SOLVE_QUEUE = 'ufm-solve';

/**
 * The task queue of the shards of a study. It carries the numerical version of whoever planned them, so that solvers of
 * another version never get one.
 *
 * @param queue as people name it: `SOLVE_QUEUE`, or that of `--queue`
 */
export function shardQueue(queue: string, numericalVersion: number): string {
  return `${queue}-v${numericalVersion}`;
}

/** The numerical version that a queue of shards is for; null when its name has none. */
export function versionOfQueue(shardQueue: string): number | null {
  const version = /-v(\d+)$/.exec(shardQueue)?.[1];
  return version === undefined ? null : Number(version);
}

/** Header in which Temporal's OpenTelemetry interceptors say which span something is within. */
export const TRACE_HEADER = '_tracer-data';

/** Search attributes of a study workflow, with the types under which a namespace registers them. */
export const SEARCH_ATTRIBUTES = [
  { name: 'UfmStudy', type: 'KEYWORD' },
  { name: 'UfmStage', type: 'KEYWORD' },
  { name: 'UfmPointsTotal', type: 'INT' },
  { name: 'UfmPointsDone', type: 'INT' },
  { name: 'UfmPointsFailed', type: 'INT' },
] as const;

/** One workflow a study and specification: running the same study twice attaches to the first. */
export function workflowId(reference: StudyReference): string {
  return `ufm/${reference.study}/${reference.specHash}`;
}
