import { sampleCount, type Cluster } from '../study/instance.js';
import { isSpecial } from '../study/misfit.js';
import { hasRemedies } from '../study/remedies.js';
import type { AxisName } from '../study/study.js';
import type { TransitionPoint } from './slices.js';
import type { Threshold, TransitionSlice } from './thresholds.js';
import { transitionsOf, type TransitionName } from './transitions.js';

/** A point of a slice in the variables that laws are sought in. */
export interface CrossingSide {
  readonly lambda: number;
  /** N. */
  readonly samplesTotal: number;
  /** Samples of a class of the cluster that collapses, or of the minority for the mean block. */
  readonly clusterSamples: number;
  /** n_A / n_B, of the first and the last cluster. */
  readonly ratio: number;
}

/** How a slice crosses a transition, whatever its axis: from a certified point to a certified point. */
export interface Crossing {
  readonly grid: string;
  readonly slice: string;
  readonly along: AxisName;
  readonly clusters: readonly Cluster[];
  /** Certified before the collapse. */
  readonly uncollapsed: CrossingSide;
  /** Certified beyond it. */
  readonly collapsed: CrossingSide;
  /** Where the estimate of the transition is, on the straight way between the two. */
  readonly likely: CrossingSide;
  /** Half of the estimate's interval as a share of the way, > 0. */
  readonly share: number;
}

/** An interval of no width would have infinite weight. */
const SMALLEST_SHARE = 1e-6;

/** The slices that a law of samples alone may be sought of: remedies and other models move transitions in other ways. */
export function plainSlices(slices: readonly TransitionSlice[]): readonly TransitionSlice[] {
  return slices.filter(({ points }) =>
    points.every((point) => !hasRemedies(point) && !isSpecial(point)),
  );
}

/** The crossings of a transition in all slices that have a certified interval of it. */
export function crossingsOf(
  slices: readonly TransitionSlice[],
  transition: TransitionName,
): Crossing[] {
  return slices.flatMap((slice) => {
    const threshold = slice.thresholds.find((each) => each.transition === transition);
    return threshold === undefined ? [] : (crossingOf(slice, threshold) ?? []);
  });
}

function crossingOf(
  { points }: TransitionSlice,
  { grid, slice, along, transition, lower, upper, estimate, interval }: Threshold,
): Crossing | null {
  if (lower === null || upper === null || estimate === null || interval === null) return null;
  const { clusters } = points.reduce((a, b) => (b.clusters.length > a.clusters.length ? b : a));
  const { cluster, collapsed } = transitionsOf(clusters).find(({ name }) => name === transition)!;
  const sideAt = (x: number): CrossingSide =>
    sideOf(
      points.find((point) => point.x === x)!,
      cluster,
    );
  const [low, high] = [sideAt(lower), sideAt(upper)];
  const rising = points.some((point) => point.x === upper && collapsed(point) === true);
  return {
    grid,
    slice,
    along,
    clusters,
    uncollapsed: rising ? low : high,
    collapsed: rising ? high : low,
    likely: between(low, high, (estimate - lower) / (upper - lower)),
    share: Math.max(SMALLEST_SHARE, (interval[1] - interval[0]) / (upper - lower) / 2),
  };
}

function sideOf({ clusters, lambda }: TransitionPoint, cluster: number | null): CrossingSide {
  const last = clusters.length - 1;
  return {
    lambda,
    samplesTotal: sampleCount(clusters),
    // Where sample counts meet, clusters merge, and the last one speaks for those that are gone.
    clusterSamples: clusters[Math.min(cluster ?? last, last)]![1],
    ratio: clusters[0]![1] / clusters[last]![1],
  };
}

function between(a: CrossingSide, b: CrossingSide, share: number): CrossingSide {
  const mix = (of: keyof CrossingSide): number => a[of] + share * (b[of] - a[of]);
  return {
    lambda: mix('lambda'),
    samplesTotal: mix('samplesTotal'),
    clusterSamples: mix('clusterSamples'),
    ratio: mix('ratio'),
  };
}
