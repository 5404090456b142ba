import type { Instance } from '../../study/instance.js';
import { WORTH_ANOTHER_ATTEMPT, type ExactlySolved } from './solve.js';

/** Ratios of sample counts up to which every instance of the test's campaign is certified. */
const USUAL_RATIO = 1e9;

/** Why the exact solver left a gap above the tolerance, and what to do; null where it did not. */
export function reasonForGap(
  { clusters, tolerance }: Instance,
  { relativeGap, tried, iterations }: ExactlySolved,
): string | null {
  if (relativeGap <= tolerance) return null;
  const gap = relativeGap.toExponential(1);
  if (relativeGap <= WORTH_ANOTHER_ATTEMPT) {
    return (
      `Float64 proves a relative gap of ${gap} and no less, which is above the tolerance of ${tolerance}: ask for a ` +
      `tolerance of ${roundedUp(relativeGap)}.`
    );
  }
  const found = relativeGap < 1 ? `a relative gap of ${gap}` : 'no lower bound but 0';
  const counts = clusters.map(([, samples]) => samples);
  const ratio = Math.max(...counts) / Math.min(...counts);
  const isBeyond = ratio > USUAL_RATIO;
  return (
    `The exact solver proves ${found} after ${iterations} Newton steps from ${tried.join(', ')}: float64 carries it no ` +
    `further where predictions differ this much. ` +
    (isBeyond
      ? `The sample counts have a ratio of ${ratio.toExponential(1)}; up to ${USUAL_RATIO.toExponential(0)} it is known to get there. `
      : '') +
    'Use a larger lambda or a smaller ratio of sample counts.'
  );
}

/** A round number above it. */
function roundedUp(gap: number): string {
  return (10 ** Math.ceil(Math.log10(gap))).toExponential(0);
}
