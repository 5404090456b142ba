import type { TransitionPoint } from './slices.js';
import type { Threshold } from './thresholds.js';

/** Every step-th point of a slice, and those between which its transitions lie: what is said of them rests on those. */
export function thinOut(
  points: readonly TransitionPoint[],
  thresholds: readonly Threshold[],
  step: number,
): TransitionPoint[] {
  const ends = new Set(thresholds.flatMap(({ lower, upper }) => [lower, upper]));
  return points.filter(({ x }, i) => i % step === 0 || ends.has(x));
}

/** All of a list, or every n-th of one that is longer than a limit. */
export function everyNth<T>(list: readonly T[], limit: number): T[] {
  const step = Math.ceil(list.length / limit);
  return list.filter((_, i) => i % step === 0);
}
