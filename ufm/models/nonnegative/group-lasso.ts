import type { BlockLogits } from '../../blocks.js';
import { DampedNewton } from '../../exact/damped-newton.js';
import { emptyPredictions, predict } from '../../predictions.js';
import { BiasObjective } from './bias-objective.js';
import type { NonnegativeProblem } from './problem.js';

/** The optimum of the group lasso with a bias: Newton's method in the bias, the features being optimal at each step. */
export function solveGroupLasso(problem: NonnegativeProblem): {
  readonly blocks: BlockLogits;
  readonly iterations: number;
} {
  const { clusterCount: J, classes } = problem;
  const objective = new BiasObjective(problem);
  const newton = new DampedNewton(J);
  const bias = new Float64Array(J);
  newton.minimize(
    objective,
    bias,
    Int32Array.from({ length: J }, (_, a) => a),
    J,
    null,
  );
  objective.expand(bias);
  const contrast = new Float64Array(J);
  const mean = new Float64Array(J * J);
  objective.predictions.forEach(({ tau, rest, others }, c) => {
    const k = classes[c]!;
    contrast[c] = k > 1 ? tau * (rest + others[c]!) : 0;
    let outflow = 0;
    for (let a = 0; a < J; a++) {
      if (a === c) continue;
      outflow += classes[a]! * others[a]!;
      mean[a * J + c] = tau === 0 ? 0 : -tau * others[a]!;
    }
    mean[c * J + c] = (tau * outflow) / k;
  });
  return { blocks: { contrast, mean, bias }, iterations: newton.iterations };
}

/** |z_k| of a class of cluster c, within J + 6 operations. */
export function lengthOfColumn(
  { clusterCount: J, classes }: NonnegativeProblem,
  { contrast, mean }: BlockLogits,
  c: number,
): number {
  let square = contrast[c]! * contrast[c]! * (1 - 1 / classes[c]!);
  for (let a = 0; a < J; a++) square += classes[a]! * mean[a * J + c]! * mean[a * J + c]!;
  return Math.sqrt(square);
}

/** The group lasso's value at blocks, in float64. */
export function groupLassoAt(problem: NonnegativeProblem, blocks: BlockLogits): number {
  const { clusterCount: J, classes, squaredScales, weights, lambda, lambdaB } = problem;
  const predictions = emptyPredictions(J);
  predict(problem, blocks, predictions);
  let loss = 0;
  let lengths = 0;
  let squares = 0;
  for (let c = 0; c < J; c++) {
    loss += weights[c]! * predictions.loss[c]!;
    lengths += classes[c]! * Math.sqrt(squaredScales[c]!) * lengthOfColumn(problem, blocks, c);
    if (blocks.bias !== null) squares += classes[c]! * blocks.bias[c]! * blocks.bias[c]!;
  }
  return loss + lambda * lengths + ((lambdaB ?? 0) / 2) * squares;
}
