import { CLOSED, type BreakerState } from './breaker.js';
import type { Progress, RoundPlan, Stage } from './orchestration.js';
import type { RemoteSegment } from './relay.js';
import type { SegmentReport } from './segment-report.js';
import { shown } from './shape.js';

/** Shards in flight unless somebody says otherwise. */
export const DEFAULT_WINDOW = 8;

/** Shards in flight for each solver thread: while a part is being written, the next shard is there to solve. */
export const SHARDS_PER_THREAD = 2;

/** The most shards in flight: a Temporal server refuses a workflow with 2,000 pending activities for ever. */
export const MAXIMUM_WINDOW = 1000;

/** How often the plan of a round may turn out to be damaged: a store that damages more than that is no store. */
const MOST_DAMAGED_PLANS = 3;

/** Everything that a conductor has to remember to go on somewhere else. JSON-safe, and of some pages at most. */
export interface ConductorState {
  readonly stage: Stage;
  readonly round: number;
  /** The plan of the round that is being solved, null before it is planned. */
  readonly plan: RoundPlan | null;
  /** The first shard of the plan that has not been handed out, by the segments that have ended. */
  readonly nextShard: number;
  readonly window: number;
  readonly paused: boolean;
  readonly points: Progress['points'];
  readonly shards: Omit<Progress['shards'], 'inFlight'>;
  /** The points before the round was planned: they are counted from there when it is planned again. */
  readonly pointsBefore: Progress['points'];
  /** Whether the plan of the round was found damaged, and how many plans of the round were. */
  readonly planDamaged: boolean;
  readonly damagedPlans: number;
  /** Why the last of the shards that have failed for good did. */
  readonly shardFailure: string | null;
  /** Whether shards of the plan have been left without an outcome, so that the round has to be planned again. */
  readonly unsettled: boolean;
  /** Segments of the round that run elsewhere, in the order of their shards. Their counts are not in those above. */
  readonly segments: readonly RemoteSegment[];
  readonly breaker: BreakerState;
}

/** The state of a study of which nothing has been done yet. */
export function initialState(window: number = DEFAULT_WINDOW): ConductorState {
  const points = { total: 0, done: 0, failed: 0, cached: 0 };
  return {
    stage: 'planning',
    round: 0,
    plan: null,
    nextShard: 0,
    window,
    paused: false,
    points,
    shards: { total: 0, done: 0, failed: 0 },
    pointsBefore: points,
    planDamaged: false,
    damagedPlans: 0,
    shardFailure: null,
    unsettled: false,
    segments: [],
    breaker: CLOSED,
  };
}

/** A state with what a segment has done; of a segment that goes on it does not have to be remembered. */
export function withReport(state: ConductorState, report: SegmentReport): ConductorState {
  const { points, shards, damagedPlans } = state;
  const damaged = report.damaged > 0;
  const givesUp = damaged && damagedPlans >= MOST_DAMAGED_PLANS;
  return {
    ...state,
    nextShard: Math.max(state.nextShard, report.next),
    points: {
      ...points,
      done: points.done + report.points.done,
      failed: points.failed + report.points.failed,
    },
    shards: {
      ...shards,
      done: shards.done + report.shards.done,
      failed: shards.failed + report.shards.failed + (givesUp ? report.damaged : 0),
    },
    planDamaged: state.planDamaged || (damaged && !givesUp),
    unsettled: state.unsettled || report.left > 0,
    shardFailure: givesUp
      ? 'The pages of the plan were found damaged again and again.'
      : (report.shardFailure ?? state.shardFailure),
  };
}

/**
 * What people are shown of a state.
 *
 * @param running reports of the segments that have not ended
 * @param halted why one step at a time is tried, if that is so
 */
export function progressOf(
  state: ConductorState,
  running: readonly SegmentReport[] = [],
  halted: string | null = null,
): Progress {
  const { stage, round, paused, points, shards, shardFailure } = running.reduce(withReport, state);
  const inFlight = running.reduce((sum, report) => sum + report.inFlight, 0);
  const reason = halted ?? running.find((report) => report.halted !== null)?.halted ?? null;
  return {
    ...{ stage, round, paused, points, shards: { ...shards, inFlight } },
    ...{ shardFailure, halted: reason },
  };
}

/**
 * Progress that counts what is solved of shards in flight as well. Which of these points have failed is known when the
 * shards end.
 *
 * @param solved points of shards in flight that are solved
 */
export function withInFlight(progress: Progress, solved: number): Progress {
  const { points } = progress;
  const done = Math.min(points.total - points.failed, points.done + solved);
  return { ...progress, points: { ...points, done } };
}

/** Progress with what a segment says now, of which the study has been told less. */
export function withNews(progress: Progress, told: SegmentReport, now: SegmentReport): Progress {
  const { points, shards } = progress;
  return {
    ...progress,
    points: {
      ...points,
      done: points.done + now.points.done - told.points.done,
      failed: points.failed + now.points.failed - told.points.failed,
    },
    shards: {
      ...shards,
      done: shards.done + now.shards.done - told.shards.done,
      failed: shards.failed + now.shards.failed - told.shards.failed,
      inFlight: shards.inFlight + now.inFlight - told.inFlight,
    },
    shardFailure: now.shardFailure ?? progress.shardFailure ?? null,
    halted: now.halted ?? progress.halted ?? null,
  };
}

/** Why a number cannot be a window, or null when it can. */
export function windowProblem(window: unknown): string | null {
  const isWindow = Number.isInteger(window) && (window as number) >= 1;
  return isWindow && (window as number) <= MAXIMUM_WINDOW
    ? null
    : `The window is the number of shards in flight: a whole number from 1 to ${MAXIMUM_WINDOW}, not ${shown(window)}.`;
}
