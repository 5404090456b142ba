import type { BalancedProblem } from '../first-order/balance.js';

/**
 * CE(logits, e_label); turns the logits into `weight` times its gradient. From differences to the label's logit, by log1p
 * of the sum over the others, so that a small loss keeps its digits.
 */
export function crossEntropy(logits: Float64Array, label: number, weight: number): number {
  const ofLabel = logits[label]!;
  let largest = 0;
  for (let i = 0; i < logits.length; i++) {
    logits[i]! -= ofLabel;
    if (logits[i]! > largest) largest = logits[i]!;
  }
  logits[label] = -Infinity;
  let others = 0;
  for (let i = 0; i < logits.length; i++) {
    const exponential = Math.exp(logits[i]! - largest);
    logits[i] = exponential;
    others += exponential;
  }
  const total = Math.exp(-largest) + others;
  const factor = weight / total;
  for (let i = 0; i < logits.length; i++) logits[i]! *= factor;
  logits[label] = -factor * others;
  return largest === 0 ? Math.log1p(others) : largest + Math.log(total);
}

/**
 * Takes the margin off the label's logit. What the cross entropy with a soft target has besides that with the label: for
 * each share that it gives to all other classes, the excess of the label's logit over theirs.
 */
export function applyMarginAndTarget(
  { marginOfClass, otherTarget }: BalancedProblem,
  logits: Float64Array,
  label: number,
): number {
  if (marginOfClass !== null) logits[label]! -= marginOfClass[label]!;
  const ofLabel = logits[label]!;
  let excess = 0;
  for (let i = 0; i < logits.length; i++) excess += ofLabel - logits[i]!;
  return otherTarget * excess;
}

/** Adds the gradient of that, times `weight`. */
export function addPullOfTarget(
  { otherTarget }: BalancedProblem,
  gradient: Float64Array,
  label: number,
  weight: number,
): void {
  const pull = weight * otherTarget;
  for (let i = 0; i < gradient.length; i++) gradient[i]! -= pull;
  gradient[label]! += pull * gradient.length;
}
