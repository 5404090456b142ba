import { ApplicationFailure } from '@temporalio/workflow';
import { REFERENCE } from '../study/reference-shape.js';
import { countUpTo, FLAG, objectOf, textOf, type Shape } from '../study/shape.js';
import { STATE } from '../study/state-shape.js';
import { MAXIMUM_ROUNDS } from '../study/conductor.js';
import { MAXIMUM_WINDOW } from '../study/conductor-state.js';
import { BREAKER, COUNT, PLAN, WORKFLOW_ID } from '../study/segment-shape.js';
import type { SegmentInput, StudyInput } from './messages.js';

// Queues of the server itself begin with `/_sys/`, and it would refuse each task of a workflow that asks for one.
const QUEUE = textOf(/^(?!\/_sys\/)[^\0]{1,900}$/, 'the name of a task queue');

const STUDY_INPUT = objectOf({
  reference: REFERENCE,
  state: STATE,
  again: FLAG,
  queue: QUEUE,
  searchable: FLAG,
});

const SEGMENT_FIELDS = objectOf({
  study: WORKFLOW_ID,
  reference: REFERENCE,
  queue: QUEUE,
  round: countUpTo(MAXIMUM_ROUNDS),
  plan: PLAN,
  first: COUNT,
  slots: countUpTo(MAXIMUM_WINDOW),
  breaker: BREAKER,
});

const SEGMENT_INPUT: Shape = (value, path) => {
  const problem = SEGMENT_FIELDS(value, path);
  if (problem !== null) return problem;
  const { first, plan } = value as SegmentInput;
  return first <= plan.shards ? null : `${path}.first is beyond the shards of the plan`;
};

/** Instead of an input that must not be believed, with why. */
export interface RefusedInput {
  readonly refused: string;
}

/**
 * What a study was started with, once it is known to be that. An error that workflow code stumbles into has its task tried
 * again for ever; this one fails the workflow at once.
 *
 * @throws ApplicationFailure that trying again does not mend
 */
export function requireStudyInput(input: unknown): StudyInput {
  requireShape(input, STUDY_INPUT, 'study');
  return input as StudyInput;
}

/** What a segment was started with, as `requireStudyInput`. */
export function requireSegmentInput(input: unknown): SegmentInput {
  requireShape(input, SEGMENT_INPUT, 'segment');
  return input as SegmentInput;
}

function requireShape(input: unknown, shape: Shape, what: string): void {
  const { refused = null } = (input ?? {}) as Partial<RefusedInput>;
  if (typeof refused === 'string') throw ApplicationFailure.nonRetryable(refused, 'RefusedInput');
  const problem = shape(input, 'input');
  if (problem === null) return;
  throw ApplicationFailure.nonRetryable(`this is no ${what} to run: ${problem}`, 'InvalidInput');
}
