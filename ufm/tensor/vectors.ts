import * as tf from '@tensorflow/tfjs-core';
import type { Move } from '../first-order/descent.js';
import type { Chunks } from './chunks.js';
import type { Coefficients } from './coefficients.js';
import { dot, evaluate } from './objective.js';

/** The vectors of B instances, each B x V; see `Chunks`. */
export interface Vectors {
  /** Where the instances stand. */
  readonly variables: tf.Tensor2D;
  /** The gradient where their line searches began. */
  readonly base: tf.Tensor2D;
  /** The directions in which they search. */
  readonly direction: tf.Tensor2D;
}

/** Everything that is computed before the host decides; `scalars` is all that the host has to read. */
export interface Evaluated {
  readonly gradient: tf.Tensor2D;
  readonly change: tf.Tensor2D;
  readonly scalars: tf.Tensor2D;
}

/** Evaluates every instance where it stands. */
export function evaluateAll(
  { variables, base, direction }: Vectors,
  coefficients: Coefficients,
  chunks: Chunks,
): Evaluated {
  const { losses, squares, gradient } = evaluate(variables, coefficients, chunks);
  const change = tf.sub<tf.Tensor2D>(gradient, base);
  const scalars = tf.concat(
    [
      losses,
      squares,
      dot(direction, gradient, chunks),
      dot(gradient, gradient, chunks),
      dot(gradient, change, chunks),
      dot(change, change, chunks),
    ],
    1,
  );
  return { gradient, change, scalars };
}

/** The vectors after every instance has made its move. */
export function moveAll(
  { variables, base, direction }: Vectors,
  gradient: tf.Tensor2D,
  change: tf.Tensor2D,
  moves: readonly Move[],
): Vectors {
  const column = (value: (move: Move) => number): tf.Tensor2D =>
    tf.tensor2d(moves.map(value), [moves.length, 1]);
  const next = tf.addN<tf.Tensor2D>([
    tf.mul(
      gradient,
      column(({ ofGradient }) => ofGradient),
    ),
    tf.mul(
      change,
      column(({ ofChange }) => ofChange),
    ),
    tf.mul(
      direction,
      column(({ ofDirection }) => ofDirection),
    ),
  ]);
  return {
    variables: tf.add(
      variables,
      tf.mul(
        next,
        column(({ advance }) => advance),
      ),
    ),
    base: tf.add(
      base,
      tf.mul(
        change,
        column(({ accepted }) => Number(accepted)),
      ),
    ),
    direction: next,
  };
}
