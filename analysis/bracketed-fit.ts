import { fitLinear } from './least-squares.js';
import { maximise, type HalfSpace } from './linear-program.js';
import type { Interval } from './order-parameter.js';
import { studentQuantile } from './student.js';

/** A value of a linear law, coefficients . basis. */
export interface Sight {
  readonly basis: readonly number[];
  readonly value: number;
}

/** A place that a law has to pass: it is known to lie between two sights, and most likely at a third. */
export interface Bracketed {
  /** The law is certainly above this value here. */
  readonly below: Sight;
  /** The law is certainly below this value here. */
  readonly above: Sight;
  readonly likely: Sight;
  /** Half of the 95 % interval of the likely value, > 0. */
  readonly halfWidth: number;
}

export interface FittedCoefficient {
  readonly estimate: number;
  /** Nominal 95 %, contains the estimate. */
  readonly interval: Interval;
  /** A law that passes every place has its coefficient between these, up to rounding; null where nothing bounds it. */
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface BracketedFit {
  readonly coefficients: readonly FittedCoefficient[];
  /** Whether any law of this form passes between all pairs of certified sights. */
  readonly possible: boolean;
  /** Root mean square of the residuals in units of what the half-widths allow: far above 1 the form is wrong. */
  readonly scatter: number;
  /** Likely value minus law, in the order of the places. */
  readonly residuals: readonly number[];
}

/** A coefficient that can move so many of its standard errors is not bounded by the places. */
const FAR = 1e6;
const NORMAL_QUANTILE = 1.96;

/**
 * Fits a linear law to places that are known in two ways. The likely values give least squares with weights by their
 * widths; where they scatter more than these widths allow, the errors are scaled up by as much, and never down (Birge,
 * 1932). Slices on equal grids err alike, so that an interval is at least as wide as when all half-widths add up. The
 * certified sights give half-spaces of coefficients, whose common part bounds each coefficient
 * up to the linear program's rounding, provided that the law has this form: when they have no common part, it has not.
 *
 * @param places more of them than coefficients, whose bases are linearly independent.
 */
export function fitBracketed(places: readonly Bracketed[]): BracketedFit {
  const count = places[0]!.likely.basis.length;
  const columns = Array.from({ length: count }, (_, j) =>
    places.map(({ likely }) => likely.basis[j]!),
  );
  const weights = places.map(({ halfWidth }) => (NORMAL_QUANTILE / halfWidth) ** 2);
  const fit = fitLinear(
    columns,
    places.map(({ likely }) => likely.value),
    weights,
  );
  const degrees = places.length - count;
  const scatter = Math.sqrt(fit.residual / degrees);
  const errors = fit.unscaledCovariance.map((row, j) => Math.max(1, scatter) * Math.sqrt(row[j]!));
  const rest = ({ basis, value }: Sight): number =>
    value - fit.coefficients.reduce((sum, coefficient, j) => sum + coefficient * basis[j]!, 0);
  // Coefficients are searched around the estimate and in units of their errors, where they have one size.
  const constraints = places.flatMap(({ below, above }): HalfSpace[] => [
    {
      normal: below.basis.map((entry, j) => -entry * errors[j]!),
      offset: -rest(below),
    },
    { normal: above.basis.map((entry, j) => entry * errors[j]!), offset: rest(above) },
  ]);
  const factor = studentQuantile(degrees);
  const alike = fit.unscaledCovariance.map((row) =>
    places.reduce((sum, { likely, halfWidth }, i) => {
      const pull = row.reduce((inner, entry, k) => inner + entry * likely.basis[k]!, 0);
      return sum + Math.abs(pull) * weights[i]! * halfWidth;
    }, 0),
  );
  const bounds = errors.map((error, j) => boundsOf(constraints, j, count, error));
  return {
    coefficients: fit.coefficients.map((estimate, j) => {
      const [low, high] = bounds[j] ?? [null, null];
      const half = Math.max(factor * errors[j]!, alike[j]!);
      return {
        estimate,
        interval: [estimate - half, estimate + half],
        lower: low === null ? null : estimate + low,
        upper: high === null ? null : estimate + high,
      };
    }),
    possible: bounds.every((bound) => bound !== null),
    scatter,
    residuals: places.map(({ likely }) => rest(likely)),
  };
}

/** How far coefficient j may be below and above its estimate; null when no coefficients are allowed at all. */
function boundsOf(
  constraints: readonly HalfSpace[],
  j: number,
  count: number,
  error: number,
): readonly [number | null, number | null] | null {
  const extreme = (sign: number): number | null | undefined => {
    const objective = Array.from({ length: count }, (_, k) => (k === j ? sign : 0));
    const corner = maximise(objective, constraints, FAR);
    if (corner === null) return undefined;
    return Math.abs(corner[j]!) >= FAR ? null : corner[j]! * error;
  };
  const [low, high] = [extreme(-1), extreme(1)];
  return low === undefined || high === undefined ? null : [low, high];
}
