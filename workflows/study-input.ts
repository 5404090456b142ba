import { ApplicationFailure } from '@temporalio/workflow';
import { REFERENCE } from '../study/reference-shape.js';
import { FLAG, objectOf, textOf } from '../study/shape.js';
import { STATE } from '../study/state-shape.js';
import type { StudyInput } from './messages.js';

const STUDY_INPUT = objectOf({
  reference: REFERENCE,
  state: STATE,
  again: FLAG,
  // Queues of the server itself begin with `/_sys/`, and it would refuse each task of a workflow that asks for one.
  queue: textOf(/^(?!\/_sys\/)[^\0]{1,900}$/, 'the name of a task queue'),
  searchable: FLAG,
});

/** Instead of an input that must not be believed, with why. */
export interface RefusedInput {
  readonly refused: string;
}

/**
 * What a workflow was started with, once it is known to be that. An error that workflow code stumbles into has its task tried
 * again for ever; this one fails the workflow at once.
 *
 * @throws ApplicationFailure that trying again does not mend
 */
export function requireStudyInput(input: unknown): StudyInput {
  const { refused = null } = (input ?? {}) as Partial<RefusedInput>;
  if (typeof refused === 'string') throw ApplicationFailure.nonRetryable(refused, 'RefusedInput');
  const problem = STUDY_INPUT(input, 'input');
  if (problem === null) return input as StudyInput;
  throw ApplicationFailure.nonRetryable(`this is no study to run: ${problem}`, 'InvalidInput');
}
