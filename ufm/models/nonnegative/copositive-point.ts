import type { DualPoint } from '../../certificate/dual-point.js';
import { lowerLambda, unitOf } from '../../certificate/lambda.js';
import { roundDown, roundUp, UNIT_ROUNDOFF, type Interval } from '../../certificate/rounding.js';
import { pullOf, type ConvexProblem } from '../../problem.js';

const POWER_STEPS = 200;
/** What a class counts at least in the positive vector: where it is alone its bound does not depend on it. */
const LEAST_SHARE = 1e-12;

/** Probabilities for a sample of cluster c, each known within an interval; `other` as in `Predictions`. */
export interface PredictionIntervals {
  readonly rest: (c: number) => Interval;
  readonly other: (a: number, c: number) => Interval;
}

/** A dual point's, with what its numbers may be off. */
export function intervalsOf(
  { clusterCount: J, masses }: ConvexProblem,
  { rest, other, relativeError, correction }: DualPoint,
): PredictionIntervals {
  const around = (value: number, moved: number): Interval => ({
    low: roundDown(Math.max(0, value * (1 - relativeError) - moved), 4),
    high: roundUp(value * (1 + relativeError) + moved, 4),
  });
  return {
    rest: (c) => around(rest[c]!, correction[c]! * masses[c]!),
    other: (a, c) => around(other[a * J + c]!, correction[a]! * masses[c]!),
  };
}

/** At least |p - e| of a sample of cluster c. */
export function distanceAbove(
  { clusterCount: J, classes }: ConvexProblem,
  p: PredictionIntervals,
  c: number,
): number {
  const rest = p.rest(c).high;
  let squares = rest * rest;
  for (let a = 0; a < J; a++) {
    const one = p.other(a, c).high;
    squares += (a === c ? classes[a]! - 1 : classes[a]!) * one * one;
  }
  return roundUp(Math.sqrt(roundUp(squares, J + 4)), 1);
}

/**
 * At least <p_k - e_k, p_l - e_l> for different classes k of cluster c and l of cluster d, where c may be d. Labels count
 * against it: what each sample predicts of the other's class.
 */
export function productAbove(
  { clusterCount: J, classes }: ConvexProblem,
  p: PredictionIntervals,
  c: number,
  d: number,
): number {
  let together = 0;
  for (let a = 0; a < J; a++) {
    const count = classes[a]! - (a === c ? 1 : 0) - (a === d ? 1 : 0);
    if (count > 0) together += count * p.other(a, c).high * p.other(a, d).high;
  }
  const apart = p.rest(c).low * p.other(c, d).low + p.rest(d).low * p.other(d, c).low;
  return roundUp(together, J + 4) - roundDown(apart, 4) + 2 * UNIT_ROUNDOFF * together;
}

/**
 * Shrinks P towards the labels until |A(P) h| <= lambda |h| for all h >= 0 for certain: theta |A|_+ <= lambda, where
 * |A|_+^2 is at most the largest eigenvalue of (A'A)^+, and that is, for any positive x (Collatz and Wielandt), at most
 * the largest of the quotients ((A'A)^+ x)_k / x_k.
 */
export function scaleToCopositive(
  problem: ConvexProblem,
  point: DualPoint,
): { readonly point: DualPoint; readonly theta: number } {
  const unit = unitOf(problem);
  const norm = roundUp(Math.sqrt(largestEigenvalue(problem, intervalsOf(problem, point), unit)), 1);
  const lambda = unit * lowerLambda(problem);
  const theta = norm <= lambda ? 1 : roundDown(lambda / norm, 1);
  return {
    theta,
    point: {
      ...point,
      own: point.own.map((own) => 1 - theta + theta * own),
      rest: point.rest.map((rest) => theta * rest),
      other: point.other.map((other) => theta * other),
      relativeError: roundUp(point.relativeError + 4 * UNIT_ROUNDOFF, 1),
    },
  };
}

/** At least that of (A'A)^+, times the square of `unit`. */
function largestEigenvalue(problem: ConvexProblem, p: PredictionIntervals, unit: number): number {
  const { clusterCount: J, classes, roundings } = problem;
  const pulls = classes.map((_, c) => unit * pullOf(problem, c));
  const products = new Float64Array(J * J);
  const squares = new Float64Array(J);
  for (let c = 0; c < J; c++) {
    const length = pulls[c]! * distanceAbove(problem, p, c);
    squares[c] = length * length;
    for (let d = 0; d <= c; d++) {
      if (c === d && classes[c] === 1) continue;
      const product = pulls[c]! * pulls[d]! * Math.max(0, productAbove(problem, p, c, d));
      products[c * J + d] = product;
      products[d * J + c] = product;
    }
  }
  /** What a class of each cluster has of the matrix times x. */
  const times = (x: Float64Array) =>
    squares.map((square, c) => {
      let sum = square * x[c]!;
      for (let d = 0; d < J; d++) {
        sum += (d === c ? classes[d]! - 1 : classes[d]!) * products[c * J + d]! * x[d]!;
      }
      return sum;
    });
  let x = new Float64Array(J).fill(1);
  if (products.some((product) => product > 0)) {
    for (let step = 0; step < POWER_STEPS; step++) {
      const next = times(x);
      const largest = next.reduce((a, b) => Math.max(a, b));
      x = next.map((entry) => Math.max(LEAST_SHARE, entry / largest));
    }
  }
  const quotients = times(x).map((entry, c) => entry / x[c]!);
  return roundUp(
    quotients.reduce((a, b) => Math.max(a, b)),
    2 * J + 16 + 4 * roundings,
  );
}
