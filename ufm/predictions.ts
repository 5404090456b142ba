import type { BlockLogits } from './blocks.js';
import type { ConvexProblem } from './problem.js';

/** Softmax predictions for a sample of each of the J clusters: what blocks of logits say, up to rounding. */
export interface Predictions {
  /** J values: the probability of the sample's own class. */
  readonly own: Float64Array;
  /** J values: 1 - own, with its own digits when it is small. */
  readonly rest: Float64Array;
  /**
   * J x J, row-major: at [a J + c] the probability of any one class of cluster a for a sample of cluster c, where a = c
   * means one of the other classes of its own cluster, and is 0 when there is none.
   */
  readonly other: Float64Array;
  /** J values: the cross entropy. */
  readonly loss: Float64Array;
  /** J values: how much larger the sum of the magnitudes of what the loss was added up from is; 0 where labels are sure. */
  readonly cancelled: Float64Array;
  /** J values: the largest sum of magnitudes that was added up to one logit difference, for error bounds. */
  readonly magnitude: Float64Array;
}

/** Space for the predictions of J clusters. */
export function emptyPredictions(J: number): Predictions {
  return {
    own: new Float64Array(J),
    rest: new Float64Array(J),
    other: new Float64Array(J * J),
    loss: new Float64Array(J),
    cancelled: new Float64Array(J),
    magnitude: new Float64Array(J),
  };
}

/**
 * Predictions and cross entropies from the differences to the logit of the own class: the loss is log1p of a sum, so
 * that small losses keep their digits, and where the target gives other classes something, that times each difference.
 */
export function predict(problem: ConvexProblem, blocks: BlockLogits, into: Predictions): void {
  const { clusterCount: J, classes, logitScales, logitShifts, margins, otherTarget } = problem;
  const { contrast, mean, bias } = blocks;
  const { own, rest, other, loss, cancelled, magnitude } = into;
  for (let c = 0; c < J; c++) {
    const scale = logitScales[c]!;
    const margin = margins[c]!;
    const ownMean = scale * mean[c * J + c]!;
    const ownBias = bias === null ? 0 : scale * bias[c]!;
    const ofContrast = scale * contrast[c]!;
    const lift = ofContrast * (1 - 1 / classes[c]!);
    const hasSame = classes[c]! > 1;
    const ofSame = margin - ofContrast;
    const ownMagnitude =
      Math.abs(ownMean) + Math.abs(ownBias) + Math.abs(lift) + Math.abs(logitShifts[c]!) + margin;
    let largest = hasSame ? Math.max(0, ofSame) : 0;
    let largestMagnitude = 0;
    for (let a = 0; a < J; a++) {
      if (a === c) continue;
      const otherMean = logitScales[a]! * mean[a * J + c]!;
      const otherBias = bias === null ? 0 : logitScales[a]! * bias[a]!;
      const shift = logitShifts[a]! - logitShifts[c]! + margin;
      const difference = otherMean - ownMean + (otherBias - ownBias) - lift + shift;
      other[a * J + c] = difference;
      largest = Math.max(largest, difference);
      largestMagnitude = Math.max(
        largestMagnitude,
        Math.abs(otherMean) + Math.abs(otherBias) + Math.abs(logitShifts[a]!),
      );
    }
    magnitude[c] = Math.max(largestMagnitude + ownMagnitude, Math.abs(ofContrast) + margin);

    let others = 0;
    let differences = 0;
    let magnitudes = 0;
    for (let a = 0; a < J; a++) {
      const difference = a === c ? ofSame : other[a * J + c]!;
      const exponential = a === c && !hasSame ? 0 : Math.exp(difference - largest);
      const count = a === c ? classes[a]! - 1 : classes[a]!;
      other[a * J + c] = exponential;
      others += exponential * count;
      differences += difference * count;
      magnitudes += Math.abs(difference) * count;
    }
    const ofOwn = Math.exp(-largest);
    const total = ofOwn + others;
    own[c] = ofOwn / total;
    rest[c] = others / total;
    const ofLabel = largest === 0 ? Math.log1p(others) : largest + Math.log(total);
    const target = otherTarget[c]!;
    loss[c] = target === 0 ? ofLabel : ofLabel - target * differences;
    cancelled[c] = target === 0 ? 0 : target * (magnitudes + differences);
    for (let a = 0; a < J; a++) other[a * J + c]! /= total;
  }
}
