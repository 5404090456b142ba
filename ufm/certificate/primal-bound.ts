import type { BlockLogits } from '../blocks.js';
import { meanBlock } from '../objective.js';
import type { Predictions } from '../predictions.js';
import type { ConvexProblem } from '../problem.js';
import { upperLambda } from './lambda.js';
import { ELEMENTARY_ERROR, gamma, roundUp } from './rounding.js';
import { singularValueBounds } from './singular-value-bounds.js';

/**
 * A number that is at least F at the blocks, taken as exact. Every term of F is positive, so relative errors carry over,
 * but for two cancellations. That in the differences of logits moves a cross entropy by at most the error of the
 * differences times the probability that the prediction and the target give to other classes. That between the terms of a
 * target that gives other classes something counts with the terms' magnitudes.
 */
export function primalUpperBound(
  problem: ConvexProblem,
  blocks: BlockLogits,
  predictions: Predictions,
  V: Float64Array,
): number {
  const { clusterCount: J, classCount: K, classes, squaredScales, weights, lambdaB } = problem;
  const { otherTarget, roundings } = problem;
  const root = Math.sqrt(lambdaB ?? 0);
  let loss = 0;
  let cancelled = 0;
  let fromDifferences = 0;
  let contrasts = 0;
  let bias = 0;
  for (let c = 0; c < J; c++) {
    loss += weights[c]! * predictions.loss[c]!;
    cancelled += weights[c]! * predictions.cancelled[c]!;
    const error = gamma(10 + roundings) * predictions.magnitude[c]!;
    // Odds grow by exp(error) at most on the way, below twice; a large error may change everything.
    const wrong = error < 0.5 ? Math.min(1, 2 * predictions.rest[c]!) : 1;
    fromDifferences += weights[c]! * error * (wrong + (K - 1) * otherTarget[c]!);
    contrasts += (classes[c]! - 1) * Math.sqrt(squaredScales[c]!) * Math.abs(blocks.contrast[c]!);
    if (blocks.bias !== null) {
      const scaled = root * blocks.bias[c]!;
      bias += classes[c]! * scaled * scaled;
    }
  }
  // A loss is log1p of a sum of at most J exponentials, or above log 2: hence the factor 2.
  const lossError = 2 * (gamma(J + 4 + roundings) + 2 * ELEMENTARY_ERROR);
  const Y = meanBlock(problem, blocks);
  const { nuclearNorm } = singularValueBounds(Y, Y, J, gamma(6 + roundings), V);
  const penalties = upperLambda(problem) * (contrasts + nuclearNorm) + bias / 2;
  const value = loss * (1 + lossError) + penalties + 2 * fromDifferences + cancelled * lossError;
  return roundUp(value, J + 12 + roundings);
}
