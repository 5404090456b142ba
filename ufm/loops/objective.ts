import { biasFactors, type BalancedProblem } from '../first-order/balance.js';
import { layOut, type Layout } from '../first-order/layout.js';
import { addPullOfTarget, applyMarginAndTarget, crossEntropy } from './cross-entropy.js';

/** What the objective of one problem needs besides the variables, and room for the logits of two rows. */
export interface Objective {
  readonly problem: BalancedProblem;
  readonly layout: Layout;
  /** The class of each row. */
  readonly labels: Int32Array;
  readonly scaling: Scaling | null;
  /** What the logits of every row have besides W g. */
  readonly bias: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Where there are logit scales, the loss is evaluated in variables that have them already. */
interface Scaling {
  /** What W and beta are multiplied by: delta, and delta o biasScale. */
  readonly factors: Float64Array;
  /** Room for the scaled variables, and for the gradient of the penalties in W and beta. */
  readonly scaled: Float64Array;
  readonly ofPenalties: Float64Array;
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
    scaling: scalingOf(problem, layout),
    bias: ofClasses(),
    first: ofClasses(),
    second: ofClasses(),
  };
}

function scalingOf(problem: BalancedProblem, layout: Layout): Scaling | null {
  const { logitScaleOfClass } = problem;
  if (logitScaleOfClass === null) return null;
  const { classes, biasOffset, featureOffset, end } = layout;
  const factors = new Float64Array(featureOffset);
  for (let at = 0; at < biasOffset; at += classes) factors.set(logitScaleOfClass, at);
  factors.set(biasFactors(problem), biasOffset);
  return {
    factors,
    scaled: new Float64Array(end),
    ofPenalties: new Float64Array(featureOffset),
  };
}

/** The objective in units of lambda at `x`, and its gradient. */
export function evaluate(objective: Objective, x: Float64Array, gradient: Float64Array): number {
  const { problem, scaling } = objective;
  const penalties = beginWithPenalties(objective, x, gradient);
  if (scaling === null) {
    return addLoss(objective, x, problem.biasScaleOfClass[0]!, penalties, gradient);
  }
  const { factors, scaled, ofPenalties } = scaling;
  scaled.set(x);
  ofPenalties.set(gradient.subarray(0, factors.length));
  for (let i = 0; i < factors.length; i++) {
    scaled[i]! *= factors[i]!;
    gradient[i] = 0;
  }
  const value = addLoss(objective, scaled, 1, penalties, gradient);
  for (let i = 0; i < factors.length; i++) {
    gradient[i] = factors[i]! * gradient[i]! + ofPenalties[i]!;
  }
  return value;
}

/** The penalties' value; leaves their gradient in W and the bias. */
function beginWithPenalties(
  { problem: { biasPenaltyOfClass }, layout }: Objective,
  x: Float64Array,
  gradient: Float64Array,
): number {
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
  }
  for (let i = featureOffset; i < end; i++) squares += x[i]! * x[i]!;
  return squares / 2;
}

/**
 * `value` and the loss where the bias is biasScale beta; its gradient is added in W and beta, and the features get theirs
 * with that of their penalty. One pass over the features; two rows, classes and dimensions at a time, so that a number is
 * read once for two products. The last of an odd number goes with itself, at no weight.
 */
function addLoss(
  objective: Objective,
  x: Float64Array,
  biasScale: number,
  value: number,
  gradient: Float64Array,
): number {
  const { problem, layout, labels, bias, first, second } = objective;
  const { scaleOfClass, weightOfClass, lambda, logitShiftOfClass } = problem;
  const { classes, features, rows, biasOffset, featureOffset } = layout;
  const hasPlainLoss = problem.marginOfClass === null && problem.otherTarget === 0;
  for (let i = 0; i < classes; i++) bias[i] = biasScale * x[biasOffset + i]!;
  logitShiftOfClass?.forEach((shift, i) => (bias[i]! += shift));
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
        const weight = x[w + i]!;
        const nextWeight = x[w + next]!;
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
    if (!hasPlainLoss) {
      value += weightOfOne * applyMarginAndTarget(problem, first, labelOfOne);
      value += weightOfTwo * applyMarginAndTarget(problem, second, labelOfTwo);
    }
    value += weightOfOne * crossEntropy(first, labelOfOne, weightOfOne);
    value += weightOfTwo * crossEntropy(second, labelOfTwo, weightOfTwo);
    if (!hasPlainLoss) {
      addPullOfTarget(problem, first, labelOfOne, weightOfOne);
      addPullOfTarget(problem, second, labelOfTwo, weightOfTwo);
    }

    for (let i = 0; i < classes; i++) {
      gradient[biasOffset + i]! += biasScale * (first[i]! + second[i]!);
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
        const weight = x[w + i]!;
        const nextWeight = x[nextW + i]!;
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
  return value;
}
