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
    magnitude: new Float64Array(J),
  };
}

/**
 * Predictions and cross entropies from the differences to the logit of the own class: the loss is log1p of a sum, so
 * that small losses keep their digits.
 */
export function predict(problem: ConvexProblem, blocks: BlockLogits, into: Predictions): void {
  const { clusterCount: J, classes } = problem;
  const { contrast, mean, bias } = blocks;
  const { own, rest, other, loss, magnitude } = into;
  for (let c = 0; c < J; c++) {
    const ownMean = mean[c * J + c]!;
    const ownBias = bias === null ? 0 : bias[c]!;
    const lift = contrast[c]! * (1 - 1 / classes[c]!);
    const hasSame = classes[c]! > 1;
    const ownMagnitude = Math.abs(ownMean) + Math.abs(ownBias) + Math.abs(lift);
    let largest = hasSame ? Math.max(0, -contrast[c]!) : 0;
    let largestMagnitude = 0;
    for (let a = 0; a < J; a++) {
      if (a === c) continue;
      const otherMean = mean[a * J + c]!;
      const otherBias = bias === null ? 0 : bias[a]!;
      const difference = otherMean - ownMean + (otherBias - ownBias) - lift;
      other[a * J + c] = difference;
      largest = Math.max(largest, difference);
      largestMagnitude = Math.max(largestMagnitude, Math.abs(otherMean) + Math.abs(otherBias));
    }
    magnitude[c] = Math.max(largestMagnitude + ownMagnitude, Math.abs(contrast[c]!));

    let others = 0;
    for (let a = 0; a < J; a++) {
      const difference = a === c ? -contrast[c]! : other[a * J + c]!;
      const exponential = a === c && !hasSame ? 0 : Math.exp(difference - largest);
      other[a * J + c] = exponential;
      others += exponential * (a === c ? classes[a]! - 1 : classes[a]!);
    }
    const ofOwn = Math.exp(-largest);
    const total = ofOwn + others;
    own[c] = ofOwn / total;
    rest[c] = others / total;
    loss[c] = largest === 0 ? Math.log1p(others) : largest + Math.log(total);
    for (let a = 0; a < J; a++) other[a * J + c]! /= total;
  }
}
