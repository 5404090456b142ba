import type { Client } from '@temporalio/client';
import type { StudyReference } from '../../study/orchestration.js';
import { pausedSignal } from '../../workflows/messages.js';
import { controlQueue, workflowId } from '../../workflows/names.js';
import type { study } from '../../workflows/study.js';
import { STUDY_ATTRIBUTE, withSearchAttributes } from '../server/search-attributes.js';
import { endBelow } from './end-workflows.js';
import type { OpenStudy } from './open-studies.js';
import { settingsHeld } from './study-history.js';
import { studyInput, type StudySettings } from './study-input.js';
import { memoOf } from './study-memo.js';

/** How the workflow of a study is to begin. */
export interface Beginning {
  readonly paused: boolean;
  /** Of those that are counted in its memo. */
  readonly replayFaults: number;
  /** Whether it takes the place of one that is open, instead of joining it. */
  readonly replaces: boolean;
}

/**
 * Starts the workflow of a study, or joins the one that is open and pauses or resumes it.
 *
 * @returns id of the run
 */
export async function startStudy(
  client: Client,
  reference: StudyReference,
  settings: StudySettings,
  { paused, replayFaults, replaces }: Beginning,
): Promise<string> {
  return withSearchAttributes(client, async (searchable) => {
    const handle = await client.workflow.signalWithStart<typeof study, [paused: boolean]>('study', {
      signal: pausedSignal,
      signalArgs: [paused],
      workflowId: workflowId(reference),
      taskQueue: controlQueue(reference),
      args: [studyInput(reference, settings, searchable, paused)],
      memo: memoOf(reference.store, replayFaults),
      // In one step: a study that is ended first would be lost if this process were killed before it starts again.
      workflowIdConflictPolicy: replaces ? 'TERMINATE_EXISTING' : 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      ...(searchable && {
        typedSearchAttributes: [{ key: STUDY_ATTRIBUTE, value: reference.study }],
      }),
    });
    return handle.signaledRunId;
  });
}

/**
 * Ends the open workflow of a study and starts it anew: planning finds what has landed. Shards in flight are given up at the
 * next heartbeat of their workers. What people have asked of the study stays, as far as it can be read, unless it is given here.
 *
 * @param usual settings, where the study does not say
 * @param change what is to be otherwise from now on
 */
export async function startAnew(
  client: Client,
  reference: StudyReference,
  open: OpenStudy,
  usual: StudySettings,
  change: Partial<StudySettings & { readonly paused: boolean; readonly replayFaults: number }>,
): Promise<void> {
  const held = await settingsHeld(client, open.workflowId, open.runId);
  const { paused, replayFaults = 0, ...settings } = { ...usual, ...held, ...change };
  const beginning = { paused, replayFaults, replaces: true };
  const runId = await startStudy(client, reference, settings, beginning);
  await endBelow(client, open.workflowId, runId);
}
