import type { Crossing, CrossingSide } from './crossings.js';
import type { Interval } from './order-parameter.js';

/** lambda N / sqrt(n) at the certified points before and beyond a transition. */
export function reducedInterval({ uncollapsed, collapsed }: Crossing): Interval {
  const reduced = ({ lambda, samplesTotal, clusterSamples }: CrossingSide): number =>
    (lambda * samplesTotal) / Math.sqrt(clusterSamples);
  return [reduced(uncollapsed), reduced(collapsed)];
}

/** The numbers that lie in all of the intervals; null when there are none. */
export function commonInterval(intervals: readonly Interval[]): Interval | null {
  const low = Math.max(...intervals.map(([from]) => from));
  const high = Math.min(...intervals.map(([, to]) => to));
  return low <= high ? [low, high] : null;
}
