import type { Change } from '../study/bracket.js';
import type { AxisName, Grid } from '../study/study.js';
import { certifiedInterval, observedInterval } from './interval.js';
import { estimateZero, type Interval } from './order-parameter.js';
import { predictedPlace } from './prediction.js';
import type { Slice, TransitionPoint } from './slices.js';
import { transitionsOf, type Transition, type TransitionName } from './transitions.js';

/** A singular value below this, times the square root of the most samples of a class, counts as zero. */
export const VANISHED = 1e-6;

/** Where one transition of one slice lies on the axis, in the units of the axis. */
export interface Threshold {
  readonly grid: string;
  /** The slice by the coordinates that hold still, as `sliceOf` names it. */
  readonly slice: string;
  readonly along: AxisName;
  readonly transition: TransitionName;
  /** The transition lies between these with certainty; null when refused, and where rows hold no certificate of it. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** The most likely place, inside [lower, upper] where those are; null when refused. */
  readonly estimate: number | null;
  /** Covers the transition with probability 95 % or more; inside [lower, upper] where those are. */
  readonly interval: Interval | null;
  /** `extrapolation` of the order parameter to zero, or `midpoint` of the interval where that leads outside. */
  readonly method: 'extrapolation' | 'midpoint' | null;
  /** What theory says, beside; null where no closed form is known. */
  readonly theory: number | null;
  /** estimate - theory. */
  readonly difference: number | null;
  /** Points of the slice, replicates counted. */
  readonly points: number;
  /** Values of the axis between lower and upper that no certificate decides. */
  readonly undecided: number;
  /** Why there is no answer; null when there is one. */
  readonly refusal: string | null;
}

/** One slice along the axis of its transitions. */
export interface TransitionSlice {
  readonly grid: string;
  readonly name: string;
  readonly along: AxisName;
  readonly points: readonly TransitionPoint[];
  readonly thresholds: readonly Threshold[];
}

/** The transitions of one slice. */
export function thresholdsOf(
  grid: Grid,
  along: AxisName,
  slice: Slice<TransitionPoint>,
): Threshold[] {
  // Clusters merge where their sample counts meet, so the slice is described by its most detailed point.
  const reference = slice.points.reduce((a, b) => (b.clusters.length > a.clusters.length ? b : a));
  return transitionsOf(reference.clusters).map((transition) => {
    const { points } = slice;
    const found = transition.certifiable
      ? certifiedInterval(
          points.map((point) => ({ value: point.x, reached: transition.collapsed(point) })),
        )
      : observedInterval(
          points.map((point) => ({ value: point.x, reached: isZero(point, transition) })),
        );
    const common = {
      grid: grid.name,
      slice: slice.name,
      along,
      transition: transition.name,
      points: points.length,
    };
    if ('refusal' in found) {
      const theory = predictedPlace(transition, along, [points[0]!, points.at(-1)!]);
      return {
        ...common,
        ...{ lower: null, upper: null, estimate: null, interval: null, method: null, theory },
        ...{ difference: null, undecided: 0, refusal: found.refusal },
      };
    }
    const { lower, upper, undecided } = found;
    const theory = predictedPlace(
      transition,
      along,
      points.filter(({ x }) => x === lower || x === upper),
    );
    const place = locate(points, transition, found, reference.clusters.length);
    const difference = theory === null ? null : place.estimate - theory;
    const certified = transition.certifiable ? { lower, upper } : { lower: null, upper: null };
    return { ...common, ...certified, ...place, theory, difference, undecided, refusal: null };
  });
}

/**
 * The point estimate: the order parameter extrapolated to zero from certified points. Its interval is cut to the
 * certified one, which holds with certainty; where the two do not meet, the curve is not what it was taken for, and
 * the certified one counts alone. An extrapolation that ends outside adds nothing to the middle of what is left.
 */
function locate(
  points: readonly TransitionPoint[],
  transition: Transition,
  { lower, upper, rising }: Change,
  clusters: number,
): { estimate: number; interval: Interval; method: 'extrapolation' | 'midpoint' } {
  const curve = points.flatMap((point) => {
    const uncollapsed = rising ? point.x <= lower : point.x >= upper;
    const value = transition.orderParameter(point);
    const before = transition.certifiable
      ? transition.collapsed(point) === false
      : isZero(point, transition) === false;
    const usable = uncollapsed && before && point.clusters.length === clusters;
    return usable && value !== null ? [{ x: point.x, value }] : [];
  });
  const zero = estimateZero(curve, rising ? upper : lower);
  const certified: Interval = [lower, upper];
  // The curves of a mean block bend sharply where another of its values dies, which no local polynomial follows: where
  // no certificate stands behind, nothing narrower than what is seen is claimed.
  const narrowed =
    zero === null || !transition.certifiable ? null : overlap(zero.interval, certified);
  const interval = narrowed ?? certified;
  return zero !== null && interval[0] <= zero.estimate && zero.estimate <= interval[1]
    ? { estimate: zero.estimate, interval, method: 'extrapolation' }
    : { estimate: (interval[0] + interval[1]) / 2, interval, method: 'midpoint' };
}

/** Whether a row shows the order parameter as zero, by the rule of the column `rank`; null without a solution. */
function isZero(point: TransitionPoint, { orderParameter }: Transition): boolean | null {
  const value = orderParameter(point);
  return value === null ? null : value <= VANISHED * Math.sqrt(point.clusters[0]![1]);
}

function overlap(a: Interval, b: Interval): Interval | null {
  const [low, high] = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
  return low <= high ? [low, high] : null;
}
