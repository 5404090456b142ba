import {
  CANDIDATES,
  neighbours,
  parameterCount,
  shapesOf,
  type Candidate,
  type LawName,
} from './law-candidates.js';
import { fitLinear, type LinearFit } from './least-squares.js';
import { studentQuantile } from './student.js';
import type { Interval } from './order-parameter.js';

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
