import { windowProblem, type ConductorState } from './conductor-state.js';
import { MAXIMUM_ROUNDS } from './conductor.js';
import { MOST_SEGMENTS } from './relay.js';
import { BREAKER, COUNT, PLAN, REPORT, TEXT, WORKFLOW_ID } from './segment-shape.js';
import { countUpTo, FLAG, listOf, nullable, objectOf, optional, textOf, type Shape } from './shape.js'; // prettier-ignore

const POINTS = objectOf({ total: COUNT, done: COUNT, failed: COUNT, cached: COUNT });

const FIELDS = objectOf({
  stage: textOf(/^(planning|solving|analyzing|done)$/, 'a stage of a study'),
  round: countUpTo(MAXIMUM_ROUNDS),
  plan: nullable(PLAN),
  nextShard: COUNT,
  window: (value, path) => {
    const problem = windowProblem(value);
    return problem === null ? null : `${path}: ${problem}`;
  },
  paused: FLAG,
  points: POINTS,
  shards: objectOf({ total: COUNT, done: COUNT, failed: COUNT }),
  pointsBefore: optional(POINTS),
  planDamaged: optional(FLAG),
  damagedPlans: optional(COUNT),
  shardFailure: optional(nullable(TEXT)),
  unsettled: optional(FLAG),
  segments: optional(listOf(objectOf({ id: WORKFLOW_ID, report: REPORT }), MOST_SEGMENTS)),
  breaker: optional(BREAKER),
});

/** A state from which a conductor can go on; see `ConductorState`. */
export const STATE: Shape = (value, path) => {
  const problem = FIELDS(value, path);
  if (problem !== null) return problem;
  const { stage, plan, nextShard } = value as ConductorState;
  if (stage !== 'solving') return null;
  if (plan === null) return `${path}.plan is missing: shards are being solved`;
  return nextShard <= plan.shards ? null : `${path}.nextShard is beyond the shards of the plan`;
};
