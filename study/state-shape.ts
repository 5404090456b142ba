import { windowProblem, type ConductorState } from './conductor-state.js';
import { MAXIMUM_ROUNDS } from './conductor.js';
import { countUpTo, FLAG, nullable, objectOf, optional, textOf, type Shape } from './shape.js';

/** More points than a study can have, and more shards. */
const MOST = Number.MAX_SAFE_INTEGER;
const COUNT = countUpTo(MOST);

const POINTS = objectOf({ total: COUNT, done: COUNT, failed: COUNT, cached: COUNT });

const PLAN = objectOf({
  plan: textOf(/^[^\0]{0,1000}$/, 'the path of a plan'),
  shards: COUNT,
  points: COUNT,
  cached: COUNT,
  failed: COUNT,
  numericalVersion: optional(COUNT),
});

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
  shardFailure: optional(nullable(textOf(/^/, 'a text'))),
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
