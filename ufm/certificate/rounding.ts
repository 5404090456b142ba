/** Unit roundoff of float64: an operation or square root is exact up to this relative error, or to 2^-1075 if it underflows. */
export const UNIT_ROUNDOFF = 2 ** -53;

/** Math.exp, log and log1p are within this relative error (two units in the last place; V8's are within one). */
export const ELEMENTARY_ERROR = 4 * UNIT_ROUNDOFF;

/**
 * More than all underflows of one bound lose together: there are at most 2^21 of them (two for each of J^2 entries), and
 * what they lose is multiplied by N < 2^50 at most. Where more would follow, as the root of a sum of squares, the bound
 * of the sum comes first.
 */
export const UNDERFLOW = 2 ** -1000;

/**
 * At least n u / (1 - n u), which bounds the relative error of n successive operations (Higham, Accuracy and Stability,
 * 3.1); for n below 2^50. Without a division, since every bound asks for one.
 */
export function gamma(operations: number): number {
  const sum = operations * UNIT_ROUNDOFF;
  return sum * (1 + 4 * sum);
}

/**
 * A number that is at least the exact value of `x`, which is not negative and came of so many operations one on the other
 * at most, none of them a subtraction. Three more are its own.
 */
export function roundUp(x: number, operations: number): number {
  return x * (1 + gamma(operations + 3)) + UNDERFLOW;
}

/** As `roundUp`, but at most the exact value, and not negative either. */
export function roundDown(x: number, operations: number): number {
  return Math.max(0, x * (1 - gamma(operations + 3)) - UNDERFLOW);
}

/** A closed interval that is known to contain a number. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}
