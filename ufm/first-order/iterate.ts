import type { BalancedProblem } from './balance.js';
import type { Instance } from '../../study/instance.js';
import type { Vector } from './engine.js';
import { layOut, type Layout } from './layout.js';
import { lossOfSample } from './loss.js';

/** Where the tensor solver stands with one instance, in the instance's own variables and in float64. */
export interface Iterate {
  /** W, K x d, row-major. */
  readonly weights: Float64Array;
  /** Class means of the features, d x K, row-major. */
  readonly means: Float64Array;
  /** Bias, K values; null in a model without a bias. */
  readonly bias: Float64Array | null;
  /** Logits W h of the class means, without bias, scales and shifts, K x K row-major: entry i*K + k is the logit of class i at the mean of class k. */
  readonly logits: Float64Array;
  /** F of this very iterate, over all samples where there are some. */
  readonly objective: number;
}

/** Undoes the balancing of one instance's vector and evaluates the instance's objective there. */
export function readIterate(instance: Instance, problem: BalancedProblem, vector: Vector): Iterate {
  const layout = layOut(problem);
  const { classes, features } = layout;
  const weights = new Float64Array(classes * features);
  for (let i = 0; i < classes; i++) {
    for (let t = 0; t < features; t++) {
      weights[i * features + t] = problem.scaleOfW * vector[t * classes + i]!;
    }
  }
  const bias = instance.lambdaB === null ? null : new Float64Array(classes);
  bias?.forEach((_, i) => {
    bias[i] = problem.biasScaleOfClass[i]! * vector[layout.biasOffset + i]!;
  });
  const { means, loss, squares } = readFeatures(problem, layout, vector, weights, bias);
  const logits = new Float64Array(classes * classes);
  for (let i = 0; i < classes; i++) {
    for (let k = 0; k < classes; k++) {
      let sum = 0;
      for (let t = 0; t < features; t++)
        sum += weights[i * features + t]! * means[t * classes + k]!;
      logits[i * classes + k] = sum;
    }
  }
  const penalty =
    instance.lambdaW * squaredNorm(weights) +
    instance.lambdaH * squares +
    (bias === null ? 0 : instance.lambdaB! * squaredNorm(bias));
  return { weights, means, bias, logits, objective: loss + penalty / 2 };
}

/**
 * One pass over the features: their class means, the mean loss, and |H|^2 with a class mean counted once a sample, and as
 * feature penalties weight it.
 */
function readFeatures(
  problem: BalancedProblem,
  layout: Layout,
  vector: Vector,
  weights: Float64Array,
  bias: Float64Array | null,
) {
  const { classes, features } = layout;
  const means = new Float64Array(features * classes);
  const feature = new Float64Array(features);
  const logits = new Float64Array(classes);
  let loss = 0;
  let squares = 0;
  let position = layout.featureOffset;
  for (let k = 0; k < classes; k++) {
    const rows = problem.rowsOfClass[k]!;
    const scale = problem.scaleOfClass[k]! / problem.scaleOfW;
    const weightOfSquares = 1 / problem.scaleOfClass[k]! ** 2;
    let lossOfClass = 0;
    for (let row = 0; row < rows; row++) {
      for (let t = 0; t < features; t++) {
        feature[t] = scale * vector[position++]!;
        means[t * classes + k]! += feature[t]! / rows;
        squares += weightOfSquares * feature[t]! * feature[t]!;
      }
      for (let i = 0; i < classes; i++) {
        let sum = bias?.[i] ?? 0;
        for (let t = 0; t < features; t++) sum += weights[i * features + t]! * feature[t]!;
        logits[i] = sum;
      }
      lossOfClass += lossOfSample(problem, logits, k);
    }
    loss += problem.weightOfClass[k]! * lossOfClass;
  }
  return { means, loss, squares };
}

function squaredNorm(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
