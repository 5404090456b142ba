import type { BalancedProblem } from './balance.js';

/**
 * CE(delta o logits + iota, t) of a sample of class `label`, with all digits of a small loss; turns the logits W h + b into
 * what the softmax gets.
 */
export function lossOfSample(
  { logitScaleOfClass, logitShiftOfClass, marginOfClass, otherTarget }: BalancedProblem,
  logits: Float64Array,
  label: number,
): number {
  if (logitScaleOfClass !== null) {
    for (let i = 0; i < logits.length; i++) logits[i]! *= logitScaleOfClass[i]!;
  }
  if (logitShiftOfClass !== null) {
    for (let i = 0; i < logits.length; i++) logits[i]! += logitShiftOfClass[i]!;
  }
  if (marginOfClass !== null) logits[label]! -= marginOfClass[label]!;
  const loss = crossEntropy(logits, label);
  return otherTarget === 0 ? loss : loss + otherTarget * excessOverOthers(logits, label);
}

/** CE(logits, e_label). */
function crossEntropy(logits: Float64Array, label: number): number {
  let largest = logits[label]!;
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i]!);
  let others = 0;
  for (let i = 0; i < logits.length; i++) {
    if (i !== label) others += Math.exp(logits[i]! - largest);
  }
  const excess = others + Math.expm1(logits[label]! - largest);
  return largest - logits[label]! + Math.log1p(excess);
}

/** By how much the label's logit exceeds each other one, in sum: what a target costs for each share it gives to them all. */
function excessOverOthers(logits: Float64Array, label: number): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += logits[label]! - logits[i]!;
  return sum;
}
