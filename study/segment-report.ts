import type { Progress, RoundPlan } from './orchestration.js';

/** Shards that end between two reports: what a page of search attributes shows. */
const SHARDS_PER_REPORT = 50;

/** Of its shards in flight, how many a segment that hands out no more lets end before it says so: one in so many. */
const FREED_PER_REPORT = 8;

/** How far a segment is, from its beginning: a later report says all that an earlier one did. */
export interface SegmentReport {
  /** The first shard that it has not handed out. */
  readonly next: number;
  readonly inFlight: number;
  /** Of the shards that have ended. */
  readonly points: Pick<Progress['points'], 'done' | 'failed'>;
  readonly shards: Pick<Progress['shards'], 'done' | 'failed'>;
  /** Shards whose page of the plan was damaged, and shards that it gave up before they were done. */
  readonly damaged: number;
  readonly left: number;
  /** Whether it hands out no more. It has ended once nothing is in flight either. */
  readonly closed: boolean;
  /** Why the last of the shards that have failed for good did. */
  readonly shardFailure: string | null;
  /** Why it tries one shard at a time; see `Progress`. */
  readonly halted: string | null;
}

/** What a segment starts from. */
export interface SegmentStart {
  readonly round: number;
  readonly plan: RoundPlan;
  /** The first of its shards; the last one is the last of the plan. */
  readonly first: number;
}

/** Of a segment that has handed out nothing. */
export function emptyReport(first: number): SegmentReport {
  return {
    next: first,
    inFlight: 0,
    points: { done: 0, failed: 0 },
    shards: { done: 0, failed: 0 },
    damaged: 0,
    left: 0,
    closed: false,
    shardFailure: null,
    halted: null,
  };
}

export function hasEnded({ closed, inFlight }: SegmentReport): boolean {
  return closed && inFlight === 0;
}

/**
 * Whether a report says enough that the last one did not to be sent: each costs nine events in two histories. Those of the
 * slots that get free come more often the fewer there are, so that a shard that takes long never holds back an eighth
 * of them.
 */
export function isNews(now: SegmentReport, told: SegmentReport): boolean {
  if (now.closed !== told.closed || (now.halted === null) !== (told.halted === null)) return true;
  if (!now.closed) return settled(now) - settled(told) >= SHARDS_PER_REPORT;
  const freed = told.inFlight - now.inFlight;
  return freed > 0 && (now.inFlight === 0 || freed >= told.inFlight / FREED_PER_REPORT);
}

function settled({ shards, damaged, left }: SegmentReport): number {
  return shards.done + shards.failed + damaged + left;
}
