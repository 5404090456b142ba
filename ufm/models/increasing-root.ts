const MOST_STEPS = 200;

/** The value of a function and its slope, which may be zero or infinite where it is not known. */
export interface Expansion {
  readonly value: number;
  readonly slope: number;
}

/**
 * Where an increasing function is zero between two numbers, to the last digit or nearly so: Newton's steps, halving where
 * they leave what is known to enclose the root. An end where the function has no zero between them.
 */
export function increasingRoot(
  expand: (x: number) => Expansion,
  low: number,
  high: number,
  start = low + (high - low) / 2,
): number {
  let x = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { value, slope } = expand(x);
    if (value === 0) return x;
    if (value > 0) high = x;
    else low = x;
    const newton = x - value / slope;
    const middle = low + (high - low) / 2;
    const next = newton > low && newton < high ? newton : middle;
    if (next === x || middle <= low || middle >= high) return next;
    if (Math.abs(next - x) <= Math.abs(x) * 2 ** -52) return next;
    x = next;
  }
  return x;
}
