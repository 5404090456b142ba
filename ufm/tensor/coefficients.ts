import * as tf from '@tensorflow/tfjs-core';
import { biasFactors, type BalancedProblem } from '../first-order/balance.js';
import type { Chunks } from './chunks.js';

/**
 * What the objective of a batch of B instances needs besides the variables. R rows with padding, K classes. What no
 * instance of the batch has is null, so that plain cross entropy costs what it costs alone.
 */
export interface Coefficients {
  /** B x R x K: 1 at the label of a row, and 1 everywhere else; padding has the first class for a label, and no weight. */
  readonly label: tf.Tensor3D;
  readonly others: tf.Tensor3D;
  /** B x R x 1: the scale of a row's logits. */
  readonly scale: tf.Tensor3D;
  /** B x R x 1: weight / lambda of a row's loss, and that times its scale. */
  readonly weight: tf.Tensor3D;
  readonly weightTimesScale: tf.Tensor3D;
  /**
   * B x 1 x R: biasScale / scale, so that its product with the scaled residuals is the gradient of beta; 1 / scale where
   * there are logit scales, and with them as many biasScales as classes.
   */
  readonly biasOverScale: tf.Tensor3D;
  /** B x 1 x K: what beta is multiplied by in the logits, delta o biasScale. */
  readonly biasScale: tf.Tensor3D;
  /** B x 1 x K: delta. */
  readonly logitScales: tf.Tensor3D | null;
  /** iota, B x 1 x K, or B x R x K with margins. */
  readonly logitShifts: tf.Tensor3D | null;
  readonly softTargets: SoftTargets | null;
  /** B x V: what multiplies the square of each variable: 1 for W and G, the bias's penalty, 0 in padding. */
  readonly penalty: tf.Tensor2D;
}

export interface SoftTargets {
  /** B x 1 x 1: what they give each class but the label. */
  readonly other: tf.Tensor3D;
  /** B x R x K: targets less labels, 0 in padding. */
  readonly lessLabel: tf.Tensor3D;
}

export function uploadCoefficients(
  problems: readonly BalancedProblem[],
  { classes, paddedRows: rows, length, biasOffset, end }: Chunks,
): Coefficients {
  const batch = problems.length;
  const label = new Float32Array(batch * rows * classes);
  const others = new Float32Array(batch * rows * classes).fill(1);
  const scale = new Float32Array(batch * rows);
  const weight = new Float32Array(batch * rows);
  const weightTimesScale = new Float32Array(batch * rows);
  const biasOverScale = new Float32Array(batch * rows);
  const penalty = new Float32Array(batch * length);
  problems.forEach((problem, place) => {
    const shared = problem.logitScaleOfClass === null ? problem.biasScaleOfClass[0]! : 1;
    let row = place * rows;
    for (let k = 0; k < classes; k++) {
      const rowScale = problem.scaleOfClass[k]!;
      const rowWeight = problem.weightOfClass[k]! / problem.lambda;
      for (let count = problem.rowsOfClass[k]!; count > 0; count--, row++) {
        others[row * classes + k] = 0;
        label[row * classes + k] = 1;
        scale[row] = rowScale;
        weight[row] = rowWeight;
        weightTimesScale[row] = rowWeight * rowScale;
        biasOverScale[row] = shared / rowScale;
      }
    }
    for (; row < (place + 1) * rows; row++) {
      others[row * classes] = 0;
      label[row * classes] = 1;
    }
    const start = place * length;
    penalty.fill(1, start, start + end);
    penalty.set(problem.biasPenaltyOfClass, start + biasOffset);
  });
  const labels = tf.tensor3d(label, [batch, rows, classes]);
  const ofOthers = tf.tensor3d(others, [batch, rows, classes]);
  return {
    label: labels,
    others: ofOthers,
    scale: tf.tensor3d(scale, [batch, rows, 1]),
    weight: tf.tensor3d(weight, [batch, rows, 1]),
    weightTimesScale: tf.tensor3d(weightTimesScale, [batch, rows, 1]),
    biasOverScale: tf.tensor3d(biasOverScale, [batch, 1, rows]),
    biasScale: ofClasses(problems, biasFactors)!,
    logitScales: ofClasses(problems, ({ logitScaleOfClass }) => logitScaleOfClass),
    logitShifts: logitShiftsOf(problems, labels),
    softTargets: softTargetsOf(problems, labels, ofOthers),
    penalty: tf.tensor2d(penalty, [batch, length]),
  };
}

/** A number for each class of each instance, B x 1 x K; null where the instances have none. */
function ofClasses(
  problems: readonly BalancedProblem[],
  numbersOf: (problem: BalancedProblem) => readonly number[] | null,
): tf.Tensor3D | null {
  const numbers = problems.map(numbersOf).filter((ofProblem) => ofProblem !== null);
  return numbers.length === 0
    ? null
    : tf.tensor3d(numbers.flat(), [numbers.length, 1, numbers[0]!.length]);
}

function logitShiftsOf(problems: readonly BalancedProblem[], label: tf.Tensor3D) {
  const shifts = ofClasses(problems, ({ logitShiftOfClass }) => logitShiftOfClass);
  const margins = ofClasses(problems, ({ marginOfClass }) => marginOfClass);
  if (margins === null) return shifts;
  const ofLabels = tf.neg(tf.mul<tf.Tensor3D>(label, margins));
  return shifts === null ? ofLabels : tf.add<tf.Tensor3D>(ofLabels, shifts);
}

function softTargetsOf(
  problems: readonly BalancedProblem[],
  label: tf.Tensor3D,
  others: tf.Tensor3D,
): SoftTargets | null {
  const targets = problems.map(({ otherTarget }) => otherTarget);
  if (targets.every((target) => target === 0)) return null;
  const other = tf.tensor3d(targets, [targets.length, 1, 1]);
  const ofAllOthers = tf.mul(label, problems[0]!.classes - 1);
  return { other, lessLabel: tf.mul(tf.sub(others, ofAllOthers), other) };
}

/** The same coefficients for other members: `change` picks them along the first axis. */
export function mapCoefficients(
  coefficients: Coefficients,
  change: <T extends tf.Tensor>(tensor: T) => T,
): Coefficients {
  const { logitScales, logitShifts, softTargets } = coefficients;
  return {
    label: change(coefficients.label),
    others: change(coefficients.others),
    scale: change(coefficients.scale),
    weight: change(coefficients.weight),
    weightTimesScale: change(coefficients.weightTimesScale),
    biasOverScale: change(coefficients.biasOverScale),
    biasScale: change(coefficients.biasScale),
    logitScales: logitScales && change(logitScales),
    logitShifts: logitShifts && change(logitShifts),
    softTargets: softTargets && {
      other: change(softTargets.other),
      lessLabel: change(softTargets.lessLabel),
    },
    penalty: change(coefficients.penalty),
  };
}
