import type { Instance } from '../../study/instance.js';

/** Why a gap above the tolerance was left, and what to do; null where it was not. */
export function gapLeft(
  { tolerance }: Instance,
  objective: number,
  lowerBound: number,
  advice: string,
): string | null {
  const gap = (objective - lowerBound) / objective;
  if (gap <= tolerance) return null;
  return `The optimum is proved to a relative gap of ${gap.toExponential(1)} and no closer: ${advice}`;
}
