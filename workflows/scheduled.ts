import {
  defineSearchAttributeKey,
  SearchAttributeType,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/common';
import { executeChild } from '@temporalio/workflow';
import type { Progress } from '../study/orchestration.js';
import { BUNDLE } from './bundle.js';
import type { StudyInput } from './messages.js';
import { workflowId } from './names.js';
import { study } from './study.js';
import { requireStudyInput } from './study-input.js';

const STUDY = defineSearchAttributeKey('UfmStudy', SearchAttributeType.KEYWORD);

/**
 * Runs a study at the times of a schedule, as its child: a schedule appends the time to the ids of what it starts, and
 * the study keeps the one by which people find, pause and cancel it. Null when it was running anyway.
 */
export async function scheduled(given: StudyInput): Promise<Progress | null> {
  const input = requireStudyInput(given);
  const { reference, searchable } = input;
  try {
    return await executeChild(study, {
      workflowId: workflowId(reference),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [input],
      memo: { store: reference.store, bundle: BUNDLE },
      ...(searchable && { typedSearchAttributes: [{ key: STUDY, value: reference.study }] }),
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}
