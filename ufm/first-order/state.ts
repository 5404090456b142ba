import type { Instance } from '../../study/instance.js';
import { balance, shapeOf, type BalancedProblem } from './balance.js';
import { beginDescent, type Descent } from './descent.js';
import type { Batch, Engine } from './engine.js';
import type { Standing } from './outcome.js';
import { randomStart } from './start.js';

/** One instance under way. */
export interface Member {
  /** Its place among the instances that the solve began with. */
  readonly index: number;
  readonly instance: Instance;
  readonly problem: BalancedProblem;
  readonly descent: Descent;
  /** Evaluations of the objective so far. */
  readonly evaluations: number;
  /** Whether it has left the finite numbers; it does not move any more. */
  readonly diverged: boolean;
  /** |gradient|^2 / objective where it was evaluated last. */
  readonly steepness: number;
  readonly looks: Looks;
}

/** What the looks at an instance's proof have found. */
export interface Looks {
  /** Where the last one was. */
  readonly last: Mark;
  /** Where the relative gap last was less by much than it had been. */
  readonly progress: Mark;
  /** The standing with the least gap. */
  readonly best: Standing | null;
}

/** A look at some time. */
export interface Mark {
  readonly evaluations: number;
  readonly steepness: number;
  readonly relativeGap: number;
}

/** Instances of one shape under way: place i of the batch belongs to member i. */
export interface State {
  readonly engine: Engine;
  readonly members: readonly Member[];
  readonly batch: Batch;
}

/** Puts instances of one shape at their random starts. */
export function init(instances: readonly Instance[], engine: Engine): State {
  const shapes = new Set(instances.map(shapeOf));
  if (shapes.size !== 1) {
    throw new Error(`a batch takes instances of one shape, not of ${shapes.size}`);
  }
  const members = instances.map(enter);
  const starts = members.map(({ instance, problem }) => {
    if (instance.seed === null) throw new Error('the tensor solver needs a seed for its start');
    return randomStart(problem, instance.seed);
  });
  const problems = members.map(({ problem }) => problem);
  return { engine, members, batch: engine.begin(problems, starts) };
}

/** As if there had been a look that proved nothing. */
const beginning: Mark = { evaluations: 0, steepness: Infinity, relativeGap: 1 };

function enter(instance: Instance, index: number): Member {
  return {
    index,
    instance,
    problem: balance(instance),
    descent: beginDescent,
    evaluations: 0,
    diverged: false,
    steepness: Infinity,
    looks: { last: beginning, progress: beginning, best: null },
  };
}
