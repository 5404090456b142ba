import { fitLinear } from './least-squares.js';
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
  /** Covers the transition with probability 95 % or more; contains the estimate. */
  readonly interval: Interval;
  /** Distinct values of the axis that the estimate rests on. */
  readonly points: number;
}

/** Points of a local fit; more would not bend with one parabola, fewer would not average the noise. */
const NEAREST = 6;
/** Points of the straight line that the parabola is compared with. */
const NEAREST_LINEAR = 3;
/** From so many points a parabola leaves two degrees of freedom to judge its own scatter by. */
const ENOUGH_FOR_PARABOLA = 5;
/** Reach of the weights in units of the farthest point used: it keeps a third of a near point's weight. */
const BANDWIDTH = 1.5;

/**
 * Where a curve that falls linearly to zero reaches it, from points on its positive side. A second-order transition:
 * just inside the uncollapsed side the contrast is a (x* - x) + b (x* - x)^2 + ...; local polynomials (Cleveland,
 * 1979: tricube weights, falling with the distance from the transition) are extrapolated to zero.
 *
 * The interval adds what scatters and what bends: Student's t times the standard error of the root, from the
 * residuals of the means over seeds, plus the whole difference between a parabola through the nearest six values and
 * a line through the nearest three, which bounds what the next term of the expansion can do.
 *
 * @param edge a value of the axis at or beyond the transition, known to be collapsed: from there distance is measured.
 * @returns null when fewer than three distinct values are usable, or the curve does not fall towards the edge.
 */
export function estimateZero(points: readonly CurvePoint[], edge: number): ZeroEstimate | null {
  const nearest = meansOverReplicates(points)
    .sort((a, b) => Math.abs(a.x - edge) - Math.abs(b.x - edge))
    .slice(0, NEAREST);
  if (nearest.length < NEAREST_LINEAR) return null;
  const line = extrapolate(nearest.slice(0, NEAREST_LINEAR), edge, 1);
  const parabola = extrapolate(nearest, edge, 2);
  if (line === null) return null;
  const chosen = nearest.length >= ENOUGH_FOR_PARABOLA && parabola !== null ? parabola : line;
  const bend = parabola === null ? Math.abs(line.root - edge) : Math.abs(parabola.root - line.root);
  const half = chosen.margin + bend;
  return {
    estimate: chosen.root,
    interval: [chosen.root - half, chosen.root + half],
    points: nearest.length,
  };
}

function meansOverReplicates(points: readonly CurvePoint[]): CurvePoint[] {
  const byPlace = new Map<number, number[]>();
  for (const { x, value } of points) byPlace.set(x, [...(byPlace.get(x) ?? []), value]);
  return [...byPlace].map(([x, values]) => ({
    x,
    value: values.reduce((sum, value) => sum + value) / values.length,
  }));
}

/** The root of a local polynomial on the side of the edge, with its 95 % margin; null when there is none. */
function extrapolate(
  points: readonly CurvePoint[],
  edge: number,
  degree: 1 | 2,
): { root: number; margin: number } | null {
  const origin = points[0]!.x;
  const distances = points.map((point) => Math.abs(point.x - edge));
  const bandwidth = BANDWIDTH * Math.max(...distances);
  const weights = distances.map((distance) => (1 - (distance / bandwidth) ** 3) ** 3);
  const scale = bandwidth * Math.sign(edge - origin);
  const offsets = points.map((point) => (point.x - origin) / scale);
  const powers = Array.from({ length: degree + 1 }, (_, power) =>
    offsets.map((offset) => offset ** power),
  );
  const fit = fitLinear(
    powers,
    points.map((point) => point.value),
    weights,
  );
  const [constant, slope, curvature] = [
    fit.coefficients[0]!,
    fit.coefficients[1]!,
    fit.coefficients[2] ?? 0,
  ];
  const discriminant = slope ** 2 - 4 * constant * curvature;
  if (!(slope < 0) || !(discriminant >= 0)) return null;
  const offset = (2 * constant) / (-slope + Math.sqrt(discriminant));
  const steepness = slope + 2 * curvature * offset;
  const gradient = [1, offset, offset ** 2].slice(0, degree + 1).map((power) => -power / steepness);
  const spread = fit.unscaledCovariance.reduce(
    (sum, row, i) =>
      sum + row.reduce((inner, entry, j) => inner + gradient[i]! * entry * gradient[j]!, 0),
    0,
  );
  const degrees = points.length - degree - 1;
  // A parabola through three points leaves no residual to judge by, and is only compared with the line.
  const margin =
    degrees > 0 ? studentQuantile(degrees) * Math.sqrt((spread * fit.residual) / degrees) : 0;
  return { root: origin + offset * scale, margin: margin * Math.abs(scale) };
}
