import * as tf from '@tensorflow/tfjs-core';
import type { Instance } from '../../study/instance.js';
import { balance, shapeOf, type BalancedProblem } from './balance.js';
import { beginDescent, type Descent } from './descent.js';
import { layOut, vectorLength, type Layout } from './layout.js';
import { mapCoefficients, uploadCoefficients, type Coefficients } from './objective.js';
import { randomStart } from './start.js';
import { tidy } from './tidy.js';

/** One instance of a batch. */
export interface Member {
  /** Its place among the instances that the batch began with. */
  readonly index: number;
  readonly instance: Instance;
  readonly problem: BalancedProblem;
  readonly descent: Descent;
  /** Evaluations of the objective so far. */
  readonly evaluations: number;
  /** `diverged` has left the finite numbers, `ended` has an outcome; neither moves any more. */
  readonly phase: 'descending' | 'diverged' | 'ended';
  /** The best relative gap so far, and the looks since it last fell by much. */
  readonly progress: { readonly bestGap: number; readonly looksSince: number };
}

/** A batch under way: row i of every tensor belongs to member i. */
export interface BatchState {
  readonly layout: Layout;
  readonly members: readonly Member[];
  readonly coefficients: Coefficients;
  readonly vectors: Vectors;
}

/** The vectors of B instances, each B x V; see `Layout`. */
export interface Vectors {
  /** Where the instances stand. */
  readonly variables: tf.Tensor2D;
  /** The gradient where their line searches began. */
  readonly base: tf.Tensor2D;
  /** The directions in which they search. */
  readonly direction: tf.Tensor2D;
}

/** Puts instances of one shape at their random starts. */
export function init(instances: readonly Instance[]): BatchState {
  const shapes = new Set(instances.map(shapeOf));
  if (shapes.size !== 1) {
    throw new Error(`a tensor batch takes instances of one shape, not of ${shapes.size}`);
  }
  const members = instances.map(enter);
  const problems = members.map(({ problem }) => problem);
  const layout = layOut(problems[0]!);
  const size: [number, number] = [members.length, vectorLength(layout)];
  const starts = new Float32Array(size[0] * size[1]);
  members.forEach(({ instance, problem }, place) => {
    if (instance.seed === null) throw new Error('the tensor solver needs a seed for its start');
    starts.set(randomStart(problem, layout, instance.seed), place * size[1]);
  });
  return {
    layout,
    members,
    coefficients: uploadCoefficients(problems, layout),
    vectors: {
      variables: tf.tensor2d(starts, size),
      base: tf.zeros(size),
      direction: tf.zeros(size),
    },
  };
}

/**
 * The state without the members that move no more, once they are half of it. Frees the tensors of the state it is
 * given, if it returns another.
 */
export function compactWhenSparse(state: BatchState): BatchState {
  const places = state.members.flatMap(({ phase }, place) =>
    phase === 'descending' ? [place] : [],
  );
  if (places.length === 0 || places.length > state.members.length / 2) return state;
  const kept = tidy(() => {
    const indices = tf.tensor1d(places, 'int32');
    const keep = <T extends tf.Tensor>(tensor: T): T => tf.gather(tensor, indices);
    const { variables, base, direction } = state.vectors;
    return {
      coefficients: mapCoefficients(state.coefficients, keep),
      vectors: { variables: keep(variables), base: keep(base), direction: keep(direction) },
    };
  });
  dispose(state);
  return { ...state, ...kept, members: places.map((place) => state.members[place]!) };
}

/** Frees the tensors of a state. */
export function dispose({ coefficients, vectors }: BatchState): void {
  tf.dispose([Object.values(coefficients), Object.values(vectors)]);
}

function enter(instance: Instance, index: number): Member {
  return {
    index,
    instance,
    problem: balance(instance),
    descent: beginDescent,
    evaluations: 0,
    phase: 'descending',
    progress: { bestGap: Infinity, looksSince: 0 },
  };
}
