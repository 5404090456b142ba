import type { Progress, RoundPlan, Stage } from './orchestration.js';
import { shown } from './shape.js';

/** Shards in flight unless somebody says otherwise. */
export const DEFAULT_WINDOW = 8;

/** Shards in flight for each solver thread: while a part is being written, the next shard is there to solve. */
export const SHARDS_PER_THREAD = 2;

/** The most shards in flight: a Temporal server refuses a workflow with 2,000 pending activities for ever. */
export const MAXIMUM_WINDOW = 1000;

/** Everything that a conductor has to remember to go on somewhere else. JSON-safe, and of constant size. */
export interface ConductorState {
  readonly stage: Stage;
  readonly round: number;
  /** The plan of the round that is being solved, null before it is planned. */
  readonly plan: RoundPlan | null;
  /** The first shard of the plan that has not been handed out. */
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
  };
}

/** What people are shown of a state. */
export function progressOf(state: ConductorState, inFlight = 0): Progress {
  const { stage, round, paused, points, shards, shardFailure } = state;
  return { stage, round, paused, points, shards: { ...shards, inFlight }, shardFailure };
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

/** Why a number cannot be a window, or null when it can. */
export function windowProblem(window: unknown): string | null {
  const isWindow = Number.isInteger(window) && (window as number) >= 1;
  return isWindow && (window as number) <= MAXIMUM_WINDOW
    ? null
    : `The window is the number of shards in flight: a whole number from 1 to ${MAXIMUM_WINDOW}, not ${shown(window)}.`;
}
