import { MAXIMUM_WINDOW } from './conductor-state.js';
import { countUpTo, FLAG, nullable, objectOf, optional, textOf, type Shape } from './shape.js';

/** More points than a study can have, and more shards. */
export const COUNT = countUpTo(Number.MAX_SAFE_INTEGER);

export const TEXT = textOf(/^/, 'a text');

export const WORKFLOW_ID = textOf(/^[^\0]{1,1000}$/, 'the id of a workflow');

/** See `RoundPlan`. */
export const PLAN = objectOf({
  plan: textOf(/^[^\0]{0,1000}$/, 'the path of a plan'),
  shards: COUNT,
  points: COUNT,
  cached: COUNT,
  failed: COUNT,
  numericalVersion: optional(COUNT),
});

/** See `BreakerState`. */
export const BREAKER = objectOf({ failures: COUNT, reason: nullable(TEXT) });

/** See `Orders`. */
export const ORDERS: Shape = objectOf({ slots: countUpTo(MAXIMUM_WINDOW), probe: FLAG });

/** See `SegmentReport`. */
export const REPORT: Shape = objectOf({
  next: COUNT,
  inFlight: COUNT,
  points: objectOf({ done: COUNT, failed: COUNT }),
  shards: objectOf({ done: COUNT, failed: COUNT }),
  damaged: COUNT,
  left: COUNT,
  closed: FLAG,
  shardFailure: nullable(TEXT),
  halted: nullable(TEXT),
});
