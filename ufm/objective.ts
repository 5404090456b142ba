import type { BlockLogits } from './blocks.js';
import { nuclearNorm } from './linear-algebra/singular-values.js';
import { emptyPredictions, predict } from './predictions.js';
import type { ConvexProblem } from './problem.js';

/** F at blocks of logits, in float64. */
export function objectiveOfBlocks(problem: ConvexProblem, blocks: BlockLogits): number {
  const { clusterCount: J, classes, squaredScales, weights, lambda, lambdaB } = problem;
  const predictions = emptyPredictions(J);
  predict(problem, blocks, predictions);
  let loss = 0;
  let contrasts = 0;
  let bias = 0;
  for (let c = 0; c < J; c++) {
    loss += weights[c]! * predictions.loss[c]!;
    contrasts += (classes[c]! - 1) * Math.sqrt(squaredScales[c]!) * Math.abs(blocks.contrast[c]!);
    if (blocks.bias !== null) bias += classes[c]! * blocks.bias[c]! * blocks.bias[c]!;
  }
  const ofMean = nuclearNorm(meanBlock(problem, blocks), J, blocks.basis);
  return loss + lambda * (contrasts + ofMean) + ((lambdaB ?? 0) / 2) * bias;
}

/** The mean block of Y = Z diag(s) in orthonormal coordinates: J x J, row-major; its singular values are those of Y. */
export function meanBlock(problem: ConvexProblem, blocks: BlockLogits): Float64Array {
  const { clusterCount: J, classes, squaredScales } = problem;
  const block = new Float64Array(J * J);
  for (let c = 0; c < J; c++) {
    const scale = Math.sqrt(classes[c]! * squaredScales[c]!);
    for (let a = 0; a < J; a++) {
      block[a * J + c] = blocks.mean[a * J + c]! * Math.sqrt(classes[a]!) * scale;
    }
  }
  return block;
}
