import * as tf from '@tensorflow/tfjs-core';
import type { BalancedProblem } from '../first-order/balance.js';
import type { Move, Observation } from '../first-order/descent.js';
import type { Batch, Engine } from '../first-order/engine.js';
import { cutInChunks, type Chunks } from './chunks.js';
import { mapCoefficients, uploadCoefficients, type Coefficients } from './coefficients.js';
import { tidy } from './tidy.js';
import { evaluateAll, moveAll, type Evaluated, type Vectors } from './vectors.js';

/** Tensors that live at once in a step, counted in `vectors.ts` and `objective.ts`, with one of each to spare. */
const VECTORS = 12;
const MATRICES_OF_LOGITS = 14;
/** More of them where there are margins, and where targets are soft. */
const MATRICES_OF_A_REMEDY = 2;

/** First-order steps on the TensorFlow.js backend of this thread, in float32, a whole batch of so many bytes at a time. */
export function tensorsWithin(mostBytes: number): Engine {
  return {
    rounding: 1e-6,
    mostBytes,
    bytesOf: (problem) => {
      const { length, paddedRows, classes } = cutInChunks(problem);
      const remedies = Number(problem.marginOfClass !== null) + Number(problem.otherTarget !== 0);
      const matrices = MATRICES_OF_LOGITS + MATRICES_OF_A_REMEDY * remedies;
      const floats = VECTORS * length + matrices * paddedRows * classes;
      return Float32Array.BYTES_PER_ELEMENT * floats;
    },
    begin: (problems, starts) => new TensorBatch(problems, starts),
  };
}

class TensorBatch implements Batch {
  readonly #chunks: Chunks;
  #coefficients: Coefficients;
  #vectors: Vectors;
  #evaluated: Evaluated | null = null;

  constructor(problems: readonly BalancedProblem[], starts: readonly Float64Array[]) {
    const chunks = cutInChunks(problems[0]!);
    const size: [number, number] = [problems.length, chunks.length];
    const variables = new Float32Array(size[0] * size[1]);
    starts.forEach((start, place) => {
      variables.set(start, place * size[1]);
    });
    this.#chunks = chunks;
    const { coefficients, vectors } = tidy(() => ({
      coefficients: uploadCoefficients(problems, chunks),
      vectors: {
        variables: tf.tensor2d(variables, size),
        base: tf.zeros<tf.Rank.R2>(size),
        direction: tf.zeros<tf.Rank.R2>(size),
      },
    }));
    this.#coefficients = coefficients;
    this.#vectors = vectors;
  }

  async observe() {
    const evaluated = tidy(() => evaluateAll(this.#vectors, this.#coefficients, this.#chunks));
    this.#evaluated = evaluated;
    const scalars = await evaluated.scalars.data();
    return readObservations(scalars, this.#vectors.variables.shape[0], this.#chunks);
  }

  move(moves: readonly Move[]) {
    if (this.#evaluated === null) throw new Error('a move follows an observation');
    const { gradient, change } = this.#evaluated;
    const moved = tidy(() => moveAll(this.#vectors, gradient, change, moves));
    tf.dispose([Object.values(this.#evaluated), Object.values(this.#vectors)]);
    this.#evaluated = null;
    this.#vectors = moved;
  }

  async read() {
    const values = await this.#vectors.variables.data<'float32'>();
    const { length } = this.#chunks;
    return Array.from({ length: values.length / length }, (_, place) =>
      values.subarray(place * length, (place + 1) * length),
    );
  }

  keep(places: readonly number[]) {
    const { coefficients, vectors } = tidy(() => {
      const indices = tf.tensor1d([...places], 'int32');
      const pick = <T extends tf.Tensor>(tensor: T): T => tf.gather(tensor, indices);
      const { variables, base, direction } = this.#vectors;
      return {
        coefficients: mapCoefficients(this.#coefficients, pick),
        vectors: { variables: pick(variables), base: pick(base), direction: pick(direction) },
      };
    });
    this.dispose();
    this.#coefficients = coefficients;
    this.#vectors = vectors;
  }

  dispose() {
    tf.dispose([
      Object.values(this.#coefficients),
      Object.values(this.#vectors),
      Object.values(this.#evaluated ?? {}),
    ]);
  }
}

/** Adds up over the chunks in float64. */
function readObservations(
  scalars: ArrayLike<number>,
  count: number,
  { rowChunks, vectorChunks }: Chunks,
): Observation[] {
  let position = 0;
  const sum = (length: number) => {
    let total = 0;
    for (const end = position + length; position < end; position++) total += scalars[position]!;
    return total;
  };
  return Array.from({ length: count }, () => ({
    value: sum(rowChunks) + sum(vectorChunks) / 2,
    slope: sum(vectorChunks),
    gradientSquared: sum(vectorChunks),
    gradientDotChange: sum(vectorChunks),
    changeSquared: sum(vectorChunks),
  }));
}
