import { fitLinear, type LinearFit } from './least-squares.js';
import { studentQuantile } from './student.js';
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

/** What a candidate makes of the data. */
export interface LawFit {
  readonly law: LawName;
  /** p of a power; null for the others. */
  readonly exponent: number | null;
  readonly limit: number;
  /** Profile-likelihood interval of the limit within this law, 95 % if the law were true. */
  readonly interval: Interval;
  /** Akaike's information criterion, corrected for few points. */
  readonly aicc: number;
  readonly predict: (n: number) => number;
}

interface Candidate {
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

const CANDIDATES: readonly Candidate[] = [
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

/** From so many points on a law with a shape can be compared with a plateau: AICc needs one more than parameters. */
export const FEWEST_POINTS = 6;

/** A residual below this share of the values' size is rounding, and says nothing about the law. */
const ROUNDING = 1e-13;

/**
 * Fits every candidate that the points can carry, best first by AICc. A law's non-linear parameter is searched
 * on a grid, then on a finer one; the linear ones follow by least squares.
 *
 * @param samples distinct n > 0, at least FEWEST_POINTS, ascending; @param values the quantity there.
 */
export function fitLaws(samples: readonly number[], values: readonly number[]): LawFit[] {
  const smallest = Math.min(...samples);
  const times = samples.map((n) => Math.log(n / smallest));
  return CANDIDATES.filter((candidate) => samples.length > parameterCount(candidate) + 1)
    .flatMap((candidate) => fitCandidate(candidate, times, values, smallest) ?? [])
    .sort((a, b) => a.aicc - b.aicc);
}

/** The free parameters of a law, the variance of the residuals among them. */
function parameterCount({ terms, shapes }: Candidate): number {
  return terms + (shapes === null ? 0 : 1) + 1;
}

/** The best fit of one law; null when no shape of it is admissible. */
function fitCandidate(
  candidate: Candidate,
  times: readonly number[],
  values: readonly number[],
  smallest: number,
): LawFit | null {
  const fitShapes = (shapes: readonly number[]): ShapeFit[] =>
    shapes
      .map((shape) => fitShape(candidate, times, values, shape))
      .filter((fit) => isExpansion(candidate, fit, times.at(-1)!));
  const coarse = fitShapes(shapesOf(candidate));
  if (coarse.length === 0) return null;
  const nearby = neighbours(shapesOf(candidate), smallestResidual(coarse).shape);
  const fits = [...coarse, ...fitShapes(nearby)];
  const best = smallestResidual(fits);
  const count = values.length;
  const parameters = parameterCount(candidate);
  const floor = count * (ROUNDING * Math.max(...values.map(Math.abs))) ** 2;
  const residual = Math.max(best.residual, floor, Number.MIN_VALUE);
  const degrees = count - parameters + 1;
  // For each shape the residual is a parabola in the limit, so its sublevel set is an interval; the profile
  // interval is their union.
  const level = residual * (1 + studentQuantile(degrees) ** 2 / degrees);
  const limits = fits.flatMap((fit) => {
    const room = level - fit.residual;
    if (room < 0) return [];
    const half = Math.sqrt(room * fit.unscaledCovariance[0]![0]!);
    return [fit.coefficients[0]! - half, fit.coefficients[0]! + half];
  });
  return {
    law: candidate.law,
    exponent: candidate.law === 'power' ? best.shape : null,
    limit: best.coefficients[0]!,
    interval: [Math.min(...limits), Math.max(...limits)],
    aicc:
      count * Math.log(residual / count) +
      2 * parameters +
      (2 * parameters * (parameters + 1)) / (count - parameters - 1),
    predict: (n) =>
      candidate
        .basis(Math.log(n / smallest), best.shape)
        .reduce((sum, term, i) => sum + term * best.coefficients[i]!, 0),
  };
}

interface ShapeFit extends LinearFit {
  readonly shape: number;
}

/** Least squares in the linear parameters with the non-linear one held. */
function fitShape(
  candidate: Candidate,
  times: readonly number[],
  values: readonly number[],
  shape: number,
): ShapeFit {
  const rows = times.map((t) => candidate.basis(t, shape));
  const columns = Array.from({ length: candidate.terms }, (_, term) =>
    rows.map((row) => row[term]!),
  );
  return { shape, ...fitLinear(columns, values) };
}

/**
 * Whether the terms of a fit shrink beyond the last sample, as those of an expansion do. Without this a second-order
 * term follows the data closely and then turns back, to a limit on the wrong side.
 */
function isExpansion(
  candidate: Candidate,
  { shape, coefficients }: ShapeFit,
  last: number,
): boolean {
  const [, first = 0, second = 0] = coefficients;
  const step = candidate.basis(last, shape)[1] ?? 0;
  return 2 * Math.abs(second * step) <= Math.abs(first);
}

function smallestResidual(fits: readonly ShapeFit[]): ShapeFit {
  return fits.reduce((a, b) => (b.residual < a.residual ? b : a));
}

function shapesOf({ shapes }: Candidate): number[] {
  return shapes === null ? [0] : geometricGrid(shapes);
}

/** A finer grid between the two neighbours of a shape; none where there is one shape only. */
function neighbours(shapes: readonly number[], centre: number): number[] {
  const index = shapes.indexOf(centre);
  const [low, high] = [shapes[index - 1] ?? centre, shapes[index + 1] ?? centre];
  return low === high ? [] : geometricGrid([low, high]);
}

function geometricGrid([low, high]: Interval): number[] {
  return Array.from({ length: SHAPE_STEPS + 1 }, (_, i) => low * (high / low) ** (i / SHAPE_STEPS));
}
