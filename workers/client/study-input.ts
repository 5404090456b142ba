import { initialState } from '../../study/conductor-state.js';
import type { StudyReference } from '../../study/orchestration.js';
import type { StudyInput } from '../../workflows/messages.js';

/** How a study is to be run. */
export interface StudySettings {
  /** Shards in flight at most. */
  readonly window: number;
  /** Whether points that have failed are solved again. */
  readonly again: boolean;
  /** Task queue of the shards, as people name it. */
  readonly queue: string;
}

/**
 * What the workflow of a study starts from.
 *
 * @param searchable whether the namespace knows the search attributes of studies
 */
export function studyInput(
  reference: StudyReference,
  { window, again, queue }: StudySettings,
  searchable: boolean,
  paused = false,
): StudyInput {
  return { reference, state: { ...initialState(window), paused }, again, queue, searchable };
}
