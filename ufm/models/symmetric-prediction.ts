import { divergenceBall } from '../certificate/divergence-ball.js';
import { roundDown, roundUp, type Interval } from '../certificate/rounding.js';

/** Roundings that a value has which Math.exp, log or log1p made of numbers without any. */
const ELEMENTARY = 4;

/**
 * Predictions for a sample that tell its own class from the others and no more: 1 - x for the own one, x / (K - 1) for
 * each other one, x in [0, 1 - 1/K]. Any float64 x stands for itself, so that nothing has to be said of how it was found.
 *
 * @returns at most the entropy
 */
export function entropyBelow(x: number, K: number): number {
  if (x === 0) return 0;
  // Neither logarithm is negative, and together they are at least 0.69.
  const others = x * (Math.log(K - 1) - Math.log(x));
  return roundDown((1 - x) * -Math.log1p(-x) + others, ELEMENTARY + 6);
}

/** At least the cross entropy of a sample whose own class leads each other one by `lead` >= 0, taken as exact. */
export function crossEntropyAbove(lead: number, K: number): number {
  return roundUp(Math.log1p((K - 1) * Math.exp(-lead)), 2 * ELEMENTARY + 4);
}

/** The x of predictions where the own class leads each other one by `lead`. */
export function wrongAt(lead: number, K: number): number {
  const odds = (K - 1) * Math.exp(-lead);
  return odds / (1 + odds);
}

/**
 * Where the optimum's x is when a sample's cross entropy is known to a gap of D: by strong concavity the divergence of its
 * predictions from the optimum's is at most that, and so is that of the event of being wrong.
 */
export function optimalWrong(x: number, gap: number): Interval {
  return divergenceBall({ low: x, high: x }, gap);
}

/** At least 1/2 for certain: whether x proves the own class to be predicted more often than another. */
export function leads(x: Interval, K: number): boolean {
  return roundUp(x.high * K, 2) < K - 1;
}
