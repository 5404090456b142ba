import { fitLinear } from './least-squares.js';
import { meansOverReplicates } from './replicates.js';
import { studentQuantile } from './student.js';

/** The order parameter of a transition at one value of the axis. Seeds give several points at one x. */
export interface CurvePoint {
  readonly x: number;
  /** A singular value, >= 0, that vanishes at the transition. */
  readonly value: number;
}

export type Interval = readonly [low: number, high: number];

export interface ZeroEstimate {
  readonly estimate: number;
  /** Nominal 95 %, contains the estimate; docs/decisions/intervals.md says how it was calibrated. */
  readonly interval: Interval;
}

interface Rung {
  readonly degree: number;
  /** Distinct values nearest to the transition that the polynomial is fitted to. */
  readonly nearest: number;
  /** With fewer it would have too few degrees of freedom to judge its own scatter by. */
  readonly fewest: number;
}

/** Polynomials of growing order, each to be compared with the one below it. */
const LADDER: readonly Rung[] = [
  { degree: 1, nearest: 3, fewest: 3 },
  { degree: 2, nearest: 6, fewest: 5 },
];
/** Reach of the weights in units of the farthest point used: it keeps a third of a near point's weight. */
const BANDWIDTH = 1.5;
const NEWTON_STEPS = 50;

/**
 * Where a curve that falls linearly to zero reaches it, from points on its positive side. A second-order transition:
 * just inside the uncollapsed side the contrast is a (x* - x) + b (x* - x)^2 + ...; local polynomials (Cleveland,
 * 1979: tricube weights, falling with the distance from the transition) are extrapolated to zero.
 *
 * The interval adds what scatters and what bends: Student's t times the standard error of the root, from the
 * residuals of the means over seeds, plus twice the difference from the polynomial one order below, which bounds
 * what the terms left out can do, on coarse grids too. The order grows with the number of points and never with how well it
 * fits: intervals chosen for being narrow would be too narrow.
 *
 * @param edge a value of the axis at or beyond the transition, known to be collapsed: from there distance is measured.
 * @returns null when fewer than three distinct values are usable, or the curve does not fall towards the edge.
 */
export function estimateZero(points: readonly CurvePoint[], edge: number): ZeroEstimate | null {
  const means = meansOverReplicates(points).sort(
    (a, b) => Math.abs(a.x - edge) - Math.abs(b.x - edge),
  );
  const roots = LADDER.filter(({ fewest }) => means.length >= fewest).flatMap((rung) => {
    const root = extrapolate(means.slice(0, rung.nearest), edge, rung.degree);
    return root === null ? [] : [root];
  });
  const best = roots.at(-1);
  if (best === undefined) return null;
  // A lone line is compared with the parabola through the same points, or with nothing better than the edge.
  const compared = roots.at(-2) ?? extrapolate(means.slice(0, 3), edge, 2) ?? { root: edge };
  const half = best.margin + 2 * Math.abs(best.root - compared.root);
  return { estimate: best.root, interval: [best.root - half, best.root + half] };
}

interface Root {
  readonly root: number;
  /** Half of its 95 % interval; Infinity where the polynomial leaves no residual to judge by. */
  readonly margin: number;
}

/** Where a local polynomial reaches zero on the side of the edge; null when it does not. */
function extrapolate(points: readonly CurvePoint[], edge: number, degree: number): Root | null {
  const origin = points[0]!.x;
  const distances = points.map((point) => Math.abs(point.x - edge));
  const bandwidth = BANDWIDTH * Math.max(...distances);
  const weights = distances.map((distance) => (1 - (distance / bandwidth) ** 3) ** 3);
  const scale = bandwidth * Math.sign(edge - origin);
  const offsets = points.map((point) => (point.x - origin) / scale);
  const powers = Array.from({ length: degree + 1 }, (_, power) =>
    offsets.map((offset) => offset ** power),
  );
  const values = points.map((point) => point.value);
  const fit = fitLinear(powers, values, weights);
  const offset = firstZero(fit.coefficients);
  if (offset === null) return null;
  const gradient = powers.map((_, power) => offset ** power / slopeAt(fit.coefficients, offset));
  const spread = fit.unscaledCovariance.reduce(
    (sum, row, i) =>
      sum + row.reduce((inner, entry, j) => inner + gradient[i]! * entry * gradient[j]!, 0),
    0,
  );
  const degrees = points.length - degree - 1;
  const margin =
    degrees === 0
      ? Infinity
      : studentQuantile(degrees) * Math.sqrt((spread * fit.residual) / degrees) * Math.abs(scale);
  return { root: origin + offset * scale, margin };
}

/** The zero of a falling polynomial by Newton's method from 0; null when it rises, or there is none near. */
function firstZero(coefficients: readonly number[]): number | null {
  let offset = 0;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const slope = slopeAt(coefficients, offset);
    if (!(slope < 0)) return null;
    const change = valueAt(coefficients, offset) / slope;
    offset -= change;
    if (Math.abs(change) <= 1e-15 * Math.max(1, Math.abs(offset))) return offset;
  }
  return null;
}

function valueAt(coefficients: readonly number[], offset: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * offset + coefficient, 0);
}

function slopeAt(coefficients: readonly number[], offset: number): number {
  return coefficients.reduce(
    (sum, coefficient, power) =>
      power === 0 ? sum : sum + power * coefficient * offset ** (power - 1),
    0,
  );
}
