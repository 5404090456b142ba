import * as tf from '@tensorflow/tfjs-core';
import type { Chunks } from './chunks.js';
import type { Coefficients } from './coefficients.js';

/** Terms of a sum over chunks that are added up at once. */
const MOST_TERMS = 64;

/** The objective of every instance at its own variables, in units of lambda. */
export interface Evaluation {
  /** B x row chunks: weighted losses, and B x vector chunks: the penalties' x . penalty x; F = sum + sum / 2. */
  readonly losses: tf.Tensor2D;
  readonly squares: tf.Tensor2D;
  /** B x V. */
  readonly gradient: tf.Tensor2D;
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
  const { biasScale, logitScales, logitShifts } = coefficients;
  const scaledW = logitScales === null ? W : tf.mul(W, logitScales);
  const bias = tf.mul(beta, biasScale);
  const shift = logitShifts === null ? bias : tf.add(bias, logitShifts);
  const logits = tf.add(tf.mul(tf.matMul(G, scaledW), coefficients.scale), shift);
  const { loss, residual } = crossEntropy(logits, coefficients);

  const pull = tf.mul(residual, coefficients.weightTimesScale);
  const chunkedPull = tf.reshape(pull, [batch * rowChunks, rowsPerChunk, classes]);
  const chunkedG = tf.reshape(G, [batch * rowChunks, rowsPerChunk, features]);
  const chunkedBias = tf.reshape(coefficients.biasOverScale, [batch * rowChunks, 1, rowsPerChunk]);
  const ofScaledW = overChunks(tf.matMul(chunkedG, chunkedPull, true, false), batch);
  const gradientOfG = tf.reshape(tf.matMul(pull, scaledW, false, true), [batch, rows * features]);
  const ofBias = overChunks(tf.matMul(chunkedBias, chunkedPull), batch);
  /** Multiplies what is of a class by its factor. */
  const byClass = (entries: tf.Tensor, factors: tf.Tensor3D) =>
    tf.reshape(tf.mul(tf.reshape(entries, [batch, -1, classes]), factors), [batch, -1]);
  const gradientOfW = logitScales === null ? ofScaledW : byClass(ofScaledW, logitScales);
  const gradientOfBeta = logitScales === null ? ofBias : byClass(ofBias, biasScale);
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
function crossEntropy(logits: tf.Tensor, { label, others, softTargets }: Coefficients) {
  const ofLabel = tf.sum(tf.mul(logits, label), 2, true);
  const differences = tf.sub(logits, ofLabel);
  const largest = tf.max(differences, 2, true);
  const exponentials = tf.mul(tf.exp(tf.sub(differences, largest)), others);
  const ofOthers = tf.sum(exponentials, 2, true);
  const excess = tf.add(ofOthers, tf.expm1(tf.neg(largest)));
  const total = tf.add(excess, 1);
  const loss = tf.add(largest, tf.log1p(excess));
  const residual = tf.div(tf.sub(exponentials, tf.mul(label, ofOthers)), total);
  if (softTargets === null) return { loss, residual };
  return {
    loss: tf.sub(loss, tf.mul(tf.sum(differences, 2, true), softTargets.other)),
    residual: tf.sub(residual, softTargets.lessLabel),
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
