import type { Interval } from './order-parameter.js';

/**
 * How a quantity may approach its limit c as n grows:
 *
 * - `plateau`:   c
 * - `power`:     c + a n^-p
 * - `logarithm`: c + a / (log n + b) [+ a' / (log n + b)^2]
 *
 * The shift b is not a nuisance but the unit of n: 1 / log n means nothing before n has one, and with b = 0 forced
 * the limit comes out wrong (the logits of the model grow like log(n) / 2 + const).
 */
export type LawName = 'plateau' | 'power' | 'logarithm';

/** A law with one non-linear parameter at most. */
export interface Candidate {
  readonly law: LawName;
  /** Basis functions at t = log(n / smallest n), the constant first, given the non-linear parameter. */
  readonly basis: (t: number, shape: number) => readonly number[];
  readonly terms: number;
  /** Range of the non-linear parameter, searched on a logarithmic grid; null when there is none. */
  readonly shapes: Interval | null;
}

/** From n^-0.003, which no range of n can tell from a logarithm, to n^-4. */
const EXPONENTS: Interval = [0.003, 4];
/** log(smallest n) + b: from a pole just below the smallest n to a curve that is straight in log n. */
const SHIFTS: Interval = [0.3, 200];
const SHAPE_STEPS = 100;

/** The laws that a limit may be approached by. */
export const CANDIDATES: readonly Candidate[] = [
  { law: 'plateau', basis: () => [1], terms: 1, shapes: null },
  {
    law: 'power',
    basis: (t, exponent) => [1, Math.exp(-exponent * t)],
    terms: 2,
    shapes: EXPONENTS,
  },
  { law: 'logarithm', basis: (t, shift) => [1, 1 / (t + shift)], terms: 2, shapes: SHIFTS },
  {
    law: 'logarithm',
    basis: (t, shift) => [1, 1 / (t + shift), 1 / (t + shift) ** 2],
    terms: 3,
    shapes: SHIFTS,
  },
];

/** The free parameters of a law, the variance of the residuals among them. */
export function parameterCount({ terms, shapes }: Candidate): number {
  return terms + (shapes === null ? 0 : 1) + 1;
}

/** The non-linear parameters to try first. */
export function shapesOf({ shapes }: Candidate): number[] {
  return shapes === null ? [0] : geometricGrid(shapes);
}

/** A finer grid between the two neighbours of a shape; none where there is one shape only. */
export function neighbours(shapes: readonly number[], centre: number): number[] {
  const index = shapes.indexOf(centre);
  const [low, high] = [shapes[index - 1] ?? centre, shapes[index + 1] ?? centre];
  return low === high ? [] : geometricGrid([low, high]);
}

function geometricGrid([low, high]: Interval): number[] {
  return Array.from({ length: SHAPE_STEPS + 1 }, (_, i) => low * (high / low) ** (i / SHAPE_STEPS));
}
