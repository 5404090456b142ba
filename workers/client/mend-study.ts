import type { Client } from '@temporalio/client';
import type { StudyReference } from '../../study/orchestration.js';
import { findOpen } from './open-studies.js';
import { startAnew } from './start-study.js';
import type { StudySettings } from './study-input.js';
import type { StudyMemo } from './study-memo.js';
import { taskFaultOf, type TaskFault } from './task-fault.js';

/** A study is started anew so often because its history does not replay: what fails once more then is no matter of its history. */
const MOST_REPLAY_FAULTS = 3;

/** Whether starting a study anew would not help. */
export function isBeyondMending(fault: TaskFault | null, { replayFaults }: StudyMemo): boolean {
  return fault !== null && fault.isReplay && replayFaults >= MOST_REPLAY_FAULTS;
}

/**
 * Starts a study anew whose history does not replay with the code of its workers.
 *
 * @param usual settings, where the study does not say
 * @returns what was wrong, and whether that is mended; null when nothing is known to be
 */
export async function mendStudy(
  client: Client,
  reference: StudyReference,
  usual: StudySettings,
): Promise<{ readonly fault: TaskFault; readonly isMended: boolean } | null> {
  const open = await findOpen(client, reference);
  if (open === null || open.isVersioned) return null;
  const fault = await taskFaultOf(client, open.description);
  if (fault === null) return null;
  if (!fault.isReplay || isBeyondMending(fault, open.memo)) return { fault, isMended: false };
  const replayFaults = open.memo.replayFaults + 1;
  await startAnew(client, reference, open, usual, { replayFaults });
  return { fault, isMended: true };
}
