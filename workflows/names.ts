import type { StudyReference } from '../study/orchestration.js';

/** Task queues: planning and analyzing are light and few, solving is heavy and scales out. */
export const CONTROL_QUEUE = 'ufm-control';
export const SOLVE_QUEUE = 'ufm-solve';

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
