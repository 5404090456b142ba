import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ConductorState } from '../study/conductor-state.js';
import type { Progress, StudyReference } from '../study/orchestration.js';
import type { BreakerState } from '../study/breaker.js';
import type { Orders, RemoteSegment } from '../study/relay.js';
import type { SegmentReport, SegmentStart } from '../study/segment-report.js';

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

/** What the workflow of a segment starts from. */
export interface SegmentInput extends SegmentStart {
  /** Id of the workflow that it reports to. */
  readonly study: string;
  readonly reference: StudyReference;
  /** Task queue of the shards, as in `StudyInput`. */
  readonly queue: string;
  readonly slots: number;
  readonly breaker: BreakerState;
}

/**
 * Whether to hand out no more shards for now; those in flight finish. One signal, because two of different names lose
 * their order when both come before the first worker does.
 */
export const pausedSignal = defineSignal<[paused: boolean]>('paused');

/** Sets how many shards are in flight at most; rejected unless it is a whole number from 1 to 1,000. */
export const windowUpdate = defineUpdate<number, [window: number]>('window');

export const progressQuery = defineQuery<Progress>('progress');

/** Segments of a study that are workflows of their own, as the study has last heard of them. */
export const segmentsQuery = defineQuery<readonly RemoteSegment[]>('segments');

/** From a segment, by its id, to its study. */
export const reportSignal = defineSignal<[id: string, report: SegmentReport]>('report');

/** From a study to the segment that hands out its shards. */
export const ordersSignal = defineSignal<[orders: Orders]>('orders');

/** How far a segment is now. */
export const reportQuery = defineQuery<SegmentReport>('report');
