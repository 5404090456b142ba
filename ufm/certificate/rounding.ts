/** Unit roundoff of float64: each operation and square root is exact up to this relative error. */
export const UNIT_ROUNDOFF = 2 ** -53;

/** Math.exp, log and log1p are within this relative error (two units in the last place; V8's are within one). */
export const ELEMENTARY_ERROR = 4 * UNIT_ROUNDOFF;

/** More than all underflows of an evaluation lose together. */
export const UNDERFLOW = 1e-300;

/** n u / (1 - n u) bounds the relative error of n successive operations (Higham, Accuracy and Stability, 3.1). */
export function gamma(operations: number): number {
  return (operations * UNIT_ROUNDOFF) / (1 - 2 * operations * UNIT_ROUNDOFF);
}

/** A number in [0, infinity) that is at least the exact value of `x`, computed in at most 16 operations. */
export function roundUp(x: number): number {
  return x * (1 + gamma(17)) + UNDERFLOW;
}

/** As `roundUp`, but at most the exact value, which is not negative. */
export function roundDown(x: number): number {
  return Math.max(0, x * (1 - gamma(17)) - UNDERFLOW);
}

/** A closed interval that is known to contain a number. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}
