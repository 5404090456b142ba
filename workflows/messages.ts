import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ConductorState } from '../study/conductor-state.js';
import type { Progress, StudyReference } from '../study/orchestration.js';

/** What a study workflow starts from. */
export interface StudyInput {
  readonly reference: StudyReference;
  /** `initialState()`, or where the run before this one stopped. */
  readonly state: ConductorState;
  /** Whether points that have failed are solved again. */
  readonly again: boolean;
  /** Task queue of the shards as people name it, without store and numerical version; see `shardQueue`. */
  readonly queue: string;
  /** Whether the namespace knows `SEARCH_ATTRIBUTES`; setting one that it does not know fails a workflow. */
  readonly searchable: boolean;
}

/**
 * Whether to hand out no more shards for now; those in flight finish. One signal, because two of different names lose
 * their order when both come before the first worker does.
 */
export const pausedSignal = defineSignal<[paused: boolean]>('paused');

/** Sets how many shards are in flight at most; rejected unless it is a whole number from 1 to 1,000. */
export const windowUpdate = defineUpdate<number, [window: number]>('window');

export const progressQuery = defineQuery<Progress>('progress');
