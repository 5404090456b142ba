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

/** CE(logits less the label's margin, t_label); turns the logits into `weight` times its gradient in them. */
export function remediedCrossEntropy(
  { marginOfClass, otherTarget }: BalancedProblem,
  logits: Float64Array,
  label: number,
  weight: number,
): number {
  if (marginOfClass !== null) logits[label]! -= marginOfClass[label]!;
  return otherTarget === 0
    ? crossEntropy(logits, label, weight)
    : softCrossEntropy(logits, label, weight, otherTarget);
}

/** CE with a target that gives `otherTarget` to each class but the label's. */
function softCrossEntropy(
  logits: Float64Array,
  label: number,
  weight: number,
  otherTarget: number,
): number {
  const ofLabel = logits[label]!;
  let excess = 0;
  for (let i = 0; i < logits.length; i++) excess += ofLabel - logits[i]!;
  const loss = crossEntropy(logits, label, weight) + otherTarget * excess;
  const pull = weight * otherTarget;
  for (let i = 0; i < logits.length; i++) logits[i]! -= pull;
  logits[label]! += pull * logits.length;
  return loss;
}
