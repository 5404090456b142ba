import * as tf from '@tensorflow/tfjs-core';
import type { BalancedProblem } from '../first-order/balance.js';
import type { Chunks } from './chunks.js';

/** Terms of a sum over chunks that are added up at once. */
const MOST_TERMS = 64;

/** What the objective of a batch of B instances needs besides the variables. R rows with padding, K classes. */
export interface Coefficients {
  /** B x R x K: 1 at the label of a row, and 1 everywhere else; both 0 in padding. */
  readonly label: tf.Tensor3D;
  readonly others: tf.Tensor3D;
  /** B x R x 1: the scale of a row's logits. */
  readonly scale: tf.Tensor3D;
  /** B x R x 1: weight / lambda of a row's loss, and that times its scale. */
  readonly weight: tf.Tensor3D;
  readonly weightTimesScale: tf.Tensor3D;
  /** B x 1 x R: biasScale / scale, so that its product with the scaled residuals is the gradient of beta. */
  readonly biasOverScale: tf.Tensor3D;
  /** B x 1 x 1: b = biasScale beta. */
  readonly biasScale: tf.Tensor3D;
  /** B x V: what multiplies the square of each variable: 1 for W and G, the bias's penalty, 0 in padding. */
  readonly penalty: tf.Tensor2D;
}

/** The objective of every instance at its own variables, in units of lambda. */
export interface Evaluation {
  /** B x row chunks: weighted losses, and B x vector chunks: the penalties' x . penalty x; F = sum + sum / 2. */
  readonly losses: tf.Tensor2D;
  readonly squares: tf.Tensor2D;
  /** B x V. */
  readonly gradient: tf.Tensor2D;
}

export function uploadCoefficients(
  problems: readonly BalancedProblem[],
  { classes, paddedRows: rows, length, biasOffset, featureOffset, end }: Chunks,
): Coefficients {
  const batch = problems.length;
  const label = new Float32Array(batch * rows * classes);
  const others = new Float32Array(batch * rows * classes);
  const scale = new Float32Array(batch * rows);
  const weight = new Float32Array(batch * rows);
  const weightTimesScale = new Float32Array(batch * rows);
  const biasOverScale = new Float32Array(batch * rows);
  const penalty = new Float32Array(batch * length);
  problems.forEach((problem, place) => {
    let row = place * rows;
    for (let k = 0; k < classes; k++) {
      const rowScale = problem.scaleOfClass[k]!;
      const rowWeight = problem.weightOfClass[k]! / problem.lambda;
      for (let count = problem.rowsOfClass[k]!; count > 0; count--, row++) {
        others.fill(1, row * classes, (row + 1) * classes);
        others[row * classes + k] = 0;
        label[row * classes + k] = 1;
        scale[row] = rowScale;
        weight[row] = rowWeight;
        weightTimesScale[row] = rowWeight * rowScale;
        biasOverScale[row] = problem.biasScale / rowScale;
      }
    }
    const start = place * length;
    penalty.fill(1, start, start + end);
    penalty.fill(problem.biasPenalty, start + biasOffset, start + featureOffset);
  });
  return {
    label: tf.tensor3d(label, [batch, rows, classes]),
    others: tf.tensor3d(others, [batch, rows, classes]),
    scale: tf.tensor3d(scale, [batch, rows, 1]),
    weight: tf.tensor3d(weight, [batch, rows, 1]),
    weightTimesScale: tf.tensor3d(weightTimesScale, [batch, rows, 1]),
    biasOverScale: tf.tensor3d(biasOverScale, [batch, 1, rows]),
    biasScale: tf.tensor3d(
      problems.map((problem) => problem.biasScale),
      [batch, 1, 1],
    ),
    penalty: tf.tensor2d(penalty, [batch, length]),
  };
}

/** The same coefficients for other members: `change` picks them along the first axis. */
export function mapCoefficients(
  coefficients: Coefficients,
  change: <T extends tf.Tensor>(tensor: T) => T,
): Coefficients {
  return {
    label: change(coefficients.label),
    others: change(coefficients.others),
    scale: change(coefficients.scale),
    weight: change(coefficients.weight),
    weightTimesScale: change(coefficients.weightTimesScale),
    biasOverScale: change(coefficients.biasOverScale),
    biasScale: change(coefficients.biasScale),
    penalty: change(coefficients.penalty),
  };
}

/** Value and gradient at `variables` (B x V). The gradients are written out: tfjs-core alone has none under Node. */
export function evaluate(
  variables: tf.Tensor2D,
  coefficients: Coefficients,
  chunks: Chunks,
): Evaluation {
  const batch = variables.shape[0];
  const { classes, features, rowChunks, rowsPerChunk, biasOffset, featureOffset } = chunks;
  const rows = chunks.paddedRows;
  const endOfRows = featureOffset + rows * features;
  const W = tf.reshape(part(variables, 0, biasOffset), [batch, features, classes]);
  const beta = tf.reshape(part(variables, biasOffset, featureOffset), [batch, 1, classes]);
  const G = tf.reshape(part(variables, featureOffset, endOfRows), [batch, rows, features]);
  const bias = tf.mul(beta, coefficients.biasScale);
  const logits = tf.add(tf.mul(tf.matMul(G, W), coefficients.scale), bias);
  const { loss, residual } = crossEntropy(logits, coefficients);

  const pull = tf.mul(residual, coefficients.weightTimesScale);
  const chunkedPull = tf.reshape(pull, [batch * rowChunks, rowsPerChunk, classes]);
  const chunkedG = tf.reshape(G, [batch * rowChunks, rowsPerChunk, features]);
  const chunkedBias = tf.reshape(coefficients.biasOverScale, [batch * rowChunks, 1, rowsPerChunk]);
  const gradientOfW = overChunks(tf.matMul(chunkedG, chunkedPull, true, false), batch);
  const gradientOfG = tf.reshape(tf.matMul(pull, W, false, true), [batch, rows * features]);
  const gradientOfBeta = overChunks(tf.matMul(chunkedBias, chunkedPull), batch);
  const padding = tf.zeros([batch, chunks.length - endOfRows]);
  const penalties = tf.mul<tf.Tensor2D>(variables, coefficients.penalty);
  const gradientOfLoss = tf.concat([gradientOfW, gradientOfBeta, gradientOfG, padding], 1);
  return {
    losses: tf.sum(
      tf.reshape(tf.mul(loss, coefficients.weight), [batch, rowChunks, rowsPerChunk]),
      2,
    ),
    squares: dot(variables, penalties, chunks),
    gradient: tf.add(gradientOfLoss, penalties),
  };
}

/** Dot products of the vectors of each instance, B x vector chunks: the chunks are for float64 to add up. */
export function dot(left: tf.Tensor2D, right: tf.Tensor2D, chunks: Chunks): tf.Tensor2D {
  const { vectorChunks, entriesPerChunk } = chunks;
  const products = tf.reshape(tf.mul(left, right), [-1, vectorChunks, entriesPerChunk]);
  return tf.sum(products, 2);
}

/**
 * Loss (B x R x 1) and its gradient in the logits (B x R x K), from the differences to the label's logit. The loss is
 * log1p of the sum over the others, so that a small loss keeps its digits.
 */
function crossEntropy(logits: tf.Tensor, { label, others }: Coefficients) {
  const ofLabel = tf.sum(tf.mul(logits, label), 2, true);
  const differences = tf.sub(logits, ofLabel);
  const largest = tf.max(differences, 2, true);
  const exponentials = tf.mul(tf.exp(tf.sub(differences, largest)), others);
  const ofOthers = tf.sum(exponentials, 2, true);
  const excess = tf.add(ofOthers, tf.expm1(tf.neg(largest)));
  const total = tf.add(excess, 1);
  return {
    loss: tf.add(largest, tf.log1p(excess)),
    residual: tf.div(tf.sub(exponentials, tf.mul(label, ofOthers)), total),
  };
}

function part(variables: tf.Tensor2D, begin: number, end: number): tf.Tensor2D {
  return tf.slice(variables, [0, begin], [-1, end - begin]);
}

/**
 * The sum over an instance's chunks, B x entries: of sums of a few at a time, for backends that add naively lose a digit to
 * thousands of terms.
 */
function overChunks(ofChunks: tf.Tensor, batch: number): tf.Tensor {
  const entries = ofChunks.size / ofChunks.shape[0];
  let count = ofChunks.shape[0] / batch;
  let sums: tf.Tensor = tf.reshape(ofChunks, [batch, count, entries]);
  while (count > 1) {
    const groups = Math.ceil(count / MOST_TERMS);
    const terms = Math.ceil(count / groups);
    const padding = groups * terms - count;
    if (padding > 0) sums = tf.concat([sums, tf.zeros([batch, padding, entries])], 1);
    sums = tf.sum(tf.reshape(sums, [batch, groups, terms, entries]), 2);
    count = groups;
  }
  return tf.reshape(sums, [batch, entries]);
}
