import { biasFactors, type BalancedProblem } from '../first-order/balance.js';
import { layOut, type Layout } from '../first-order/layout.js';
import { lossOfRow } from './cross-entropy.js';

/** What the objective of one problem needs besides the variables, and room for the logits of two rows. */
export interface Objective {
  readonly problem: BalancedProblem;
  readonly layout: Layout;
  /** The class of each row. */
  readonly labels: Int32Array;
  /** What beta is multiplied by in the logits of each class. */
  readonly biasFactor: Float64Array;
  /** What does not depend on the row in the logits: delta o b, and the shifts. */
  readonly bias: Float64Array;
  /** W as it is in the logits, diag(delta) W, if there are logit scales. */
  readonly scaledW: Float64Array | null;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

export function prepare(problem: BalancedProblem): Objective {
  const layout = layOut(problem);
  const labels = new Int32Array(layout.rows);
  let row = 0;
  problem.rowsOfClass.forEach((count, k) => labels.fill(k, row, (row += count)));
  const ofClasses = () => new Float64Array(layout.classes);
  return {
    problem,
    layout,
    labels,
    biasFactor: new Float64Array(biasFactors(problem)),
    bias: ofClasses(),
    scaledW: problem.logitScaleOfClass === null ? null : new Float64Array(layout.biasOffset),
    first: ofClasses(),
    second: ofClasses(),
  };
}

/**
 * The objective in units of lambda at `x`, and its gradient. One pass over the features; two rows, classes and dimensions
 * at a time, so that a number is read once for two products. The last of an odd number goes with itself, at no weight.
 */
export function evaluate(objective: Objective, x: Float64Array, gradient: Float64Array): number {
  const { problem, layout, labels, biasFactor, bias, scaledW, first, second } = objective;
  const { scaleOfClass, weightOfClass, lambda } = problem;
  const { classes, features, rows, biasOffset, featureOffset } = layout;
  let value = beginWithPenalties(objective, x, gradient);
  const W = scaledW ?? x;
  for (let row = 0; row < rows; row += 2) {
    const isAlone = row + 1 === rows;
    const one = featureOffset + row * features;
    const two = isAlone ? one : one + features;
    const labelOfOne = labels[row]!;
    const labelOfTwo = isAlone ? labelOfOne : labels[row + 1]!;
    const scaleOfOne = scaleOfClass[labelOfOne]!;
    const scaleOfTwo = scaleOfClass[labelOfTwo]!;
    const weightOfOne = weightOfClass[labelOfOne]! / lambda;
    const weightOfTwo = isAlone ? 0 : weightOfClass[labelOfTwo]! / lambda;

    for (let i = 0; i < classes; i += 2) {
      const next = i + 1 === classes ? i : i + 1;
      let ofOne = 0;
      let ofTwo = 0;
      let nextOfOne = 0;
      let nextOfTwo = 0;
      for (let t = 0, w = 0; t < features; t++, w += classes) {
        const featureOfOne = x[one + t]!;
        const featureOfTwo = x[two + t]!;
        const weight = W[w + i]!;
        const nextWeight = W[w + next]!;
        ofOne += featureOfOne * weight;
        ofTwo += featureOfTwo * weight;
        nextOfOne += featureOfOne * nextWeight;
        nextOfTwo += featureOfTwo * nextWeight;
      }
      first[i] = scaleOfOne * ofOne + bias[i]!;
      second[i] = scaleOfTwo * ofTwo + bias[i]!;
      first[next] = scaleOfOne * nextOfOne + bias[next]!;
      second[next] = scaleOfTwo * nextOfTwo + bias[next]!;
    }
    value += weightOfOne * lossOfRow(problem, first, labelOfOne, weightOfOne);
    value += weightOfTwo * lossOfRow(problem, second, labelOfTwo, weightOfTwo);

    for (let i = 0; i < classes; i++) {
      gradient[biasOffset + i]! += biasFactor[i]! * (first[i]! + second[i]!);
      first[i]! *= scaleOfOne;
      second[i]! *= scaleOfTwo;
    }
    for (let t = 0, w = 0; t < features; t += 2, w += 2 * classes) {
      const isLast = t + 1 === features;
      const next = isLast ? t : t + 1;
      const nextW = isLast ? w : w + classes;
      const featureOfOne = x[one + t]!;
      const featureOfTwo = x[two + t]!;
      const nextOfOne = isLast ? 0 : x[one + next]!;
      const nextOfTwo = isLast ? 0 : x[two + next]!;
      let ofOne = featureOfOne;
      let ofTwo = featureOfTwo;
      let ofNextOfOne = nextOfOne;
      let ofNextOfTwo = nextOfTwo;
      for (let i = 0; i < classes; i++) {
        const errorOfOne = first[i]!;
        const errorOfTwo = second[i]!;
        const weight = W[w + i]!;
        const nextWeight = W[nextW + i]!;
        ofOne += errorOfOne * weight;
        ofTwo += errorOfTwo * weight;
        ofNextOfOne += errorOfOne * nextWeight;
        ofNextOfTwo += errorOfTwo * nextWeight;
        gradient[w + i]! += featureOfOne * errorOfOne + featureOfTwo * errorOfTwo;
        gradient[nextW + i]! += nextOfOne * errorOfOne + nextOfTwo * errorOfTwo;
      }
      // In this order: what goes with itself keeps its own.
      gradient[two + next] = ofNextOfTwo;
      gradient[one + next] = ofNextOfOne;
      gradient[two + t] = ofTwo;
      gradient[one + t] = ofOne;
    }
  }
  if (scaledW !== null) scaleGradient(objective, gradient);
  return value;
}

/**
 * The penalties' value; leaves their gradient in W and the bias, that in W divided by the logit scales if there are some,
 * and `bias` and `scaledW` as they are at x.
 */
function beginWithPenalties(
  { problem, layout, biasFactor, bias, scaledW }: Objective,
  x: Float64Array,
  gradient: Float64Array,
): number {
  const { biasPenaltyOfClass, logitScaleOfClass, logitShiftOfClass } = problem;
  const { classes, biasOffset, featureOffset, end } = layout;
  let squares = 0;
  for (let i = 0; i < biasOffset; i++) {
    squares += x[i]! * x[i]!;
    gradient[i] = x[i]!;
  }
  for (let i = 0; i < classes; i++) {
    const beta = x[biasOffset + i]!;
    const penalty = biasPenaltyOfClass[i]!;
    squares += penalty * beta * beta;
    gradient[biasOffset + i] = penalty * beta;
    bias[i] = biasFactor[i]! * beta;
    if (logitShiftOfClass !== null) bias[i]! += logitShiftOfClass[i]!;
  }
  if (scaledW !== null) {
    for (let i = 0; i < biasOffset; i++) {
      const delta = logitScaleOfClass![i % classes]!;
      scaledW[i] = delta * x[i]!;
      gradient[i]! /= delta;
    }
  }
  for (let i = featureOffset; i < end; i++) squares += x[i]! * x[i]!;
  return squares / 2;
}

/** Turns the gradient in diag(delta) W into that in W. */
function scaleGradient(
  { problem: { logitScaleOfClass }, layout: { classes, biasOffset } }: Objective,
  gradient: Float64Array,
): void {
  for (let i = 0; i < biasOffset; i++) gradient[i]! *= logitScaleOfClass![i % classes]!;
}
