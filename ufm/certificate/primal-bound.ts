import type { BlockLogits } from '../blocks.js';
import { meanBlock } from '../objective.js';
import type { Predictions } from '../predictions.js';
import type { ConvexProblem } from '../problem.js';
import { ELEMENTARY_ERROR, gamma, roundUp } from './rounding.js';
import { singularValueBounds } from './singular-value-bounds.js';

/**
 * A number that is at least F at the blocks, taken as exact. Every term of F is positive, so relative errors carry over;
 * the one cancellation, in the differences of logits, moves a cross entropy by at most the error of the differences
 * times the probability of being wrong.
 */
export function primalUpperBound(
  problem: ConvexProblem,
  blocks: BlockLogits,
  predictions: Predictions,
  V: Float64Array,
): number {
  const { clusterCount: J, classes, samples, weights, lambda, lambdaB } = problem;
  let loss = 0;
  let fromDifferences = 0;
  let contrasts = 0;
  let bias = 0;
  for (let c = 0; c < J; c++) {
    loss += weights[c]! * predictions.loss[c]!;
    const errorOfDifference = gamma(10) * predictions.magnitude[c]!;
    fromDifferences += weights[c]! * errorOfDifference * Math.min(1, 2 * predictions.rest[c]!);
    contrasts += (classes[c]! - 1) * Math.sqrt(samples[c]!) * Math.abs(blocks.contrast[c]!);
    if (blocks.bias !== null) bias += classes[c]! * blocks.bias[c]! * blocks.bias[c]!;
  }
  // A loss is log1p of a sum of at most J exponentials, or above log 2: hence the factor 2.
  const lossError = 2 * (gamma(J + 4) + 2 * ELEMENTARY_ERROR) + gamma(J + 3);
  const { nuclearNorm } = singularValueBounds(meanBlock(problem, blocks), J, gamma(6), V);
  const penalties = lambda * (contrasts + nuclearNorm) + ((lambdaB ?? 0) / 2) * bias;
  return roundUp(loss * (1 + lossError) + penalties * (1 + gamma(J + 10)) + 2 * fromDifferences);
}
