import * as tf from '@tensorflow/tfjs-core';
import type { BatchState, Member, Vectors } from './batch.js';
import { descend, isFinite, stay, type Move, type Observation } from './descent.js';
import { dot, evaluate } from './objective.js';
import { tidy } from './tidy.js';

/** Evaluates every instance once and makes the move that follows. Frees the vectors of the state it is given. */
export async function step(state: BatchState): Promise<BatchState> {
  const { gradient, change, scalars } = tidy(() => look(state));
  const observations = readObservations(await scalars.data(), state);
  const decisions = state.members.map((member, place) => decide(member, observations[place]!));
  const moves = decisions.map((decision) => decision.move);
  const vectors = tidy(() => move(state.vectors, gradient, change, moves));
  tf.dispose([gradient, change, scalars, Object.values(state.vectors)]);
  return { ...state, vectors, members: decisions.map((decision) => decision.member) };
}

/** Everything that a step computes before the host decides; `scalars` is all that the host has to read. */
function look({ vectors, coefficients, layout }: BatchState) {
  const { variables, base, direction } = vectors;
  const { losses, squares, gradient } = evaluate(variables, coefficients, layout);
  const change = tf.sub<tf.Tensor2D>(gradient, base);
  const scalars = tf.concat(
    [
      losses,
      squares,
      dot(direction, gradient, layout),
      dot(gradient, gradient, layout),
      dot(gradient, change, layout),
      dot(change, change, layout),
    ],
    1,
  );
  return { gradient, change, scalars };
}

function readObservations(scalars: ArrayLike<number>, state: BatchState): Observation[] {
  const { rowChunks, vectorChunks } = state.layout;
  let position = 0;
  const sum = (count: number) => {
    let total = 0;
    for (const end = position + count; position < end; position++) total += scalars[position]!;
    return total;
  };
  return state.members.map(() => ({
    value: sum(rowChunks) + sum(vectorChunks) / 2,
    slope: sum(vectorChunks),
    gradientSquared: sum(vectorChunks),
    gradientDotChange: sum(vectorChunks),
    changeSquared: sum(vectorChunks),
  }));
}

function decide(member: Member, observation: Observation): { member: Member; move: Move } {
  if (member.phase !== 'descending') return { member, move: stay };
  const evaluations = member.evaluations + 1;
  if (!isFinite(observation)) {
    return { member: { ...member, evaluations, phase: 'diverged' }, move: stay };
  }
  const { descent, move } = descend(member.descent, observation);
  return { member: { ...member, evaluations, descent }, move };
}

function move(
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
