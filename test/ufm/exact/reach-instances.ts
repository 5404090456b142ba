import type { Cluster, Instance } from '../../../study/instance.js';
import { instanceOf } from '../reference-instances.js';

/**
 * A random instance of J clusters whose sample counts have at most this ratio, log-uniform: long tails, counts at random,
 * two groups of counts that hardly differ, and Zipf's law; 1 to 20 classes a cluster. lambda is from 1e-5 of the last
 * cluster's threshold to .999 of the first one's, a quarter of them near some cluster's threshold; no bias, a free one, or
 * one with a weight from 1e-12 to 1.
 */
export function instanceInReach(random: () => number, J: number, mostRatio: number): Instance {
  const samples = sampleCounts(random, J, mostRatio ** random());
  const alone = random() < 0.25;
  const clusters = samples.map((n): Cluster => {
    const classes = alone || random() < 0.25 ? 1 : 1 + Math.floor(random() * 20);
    return [J === 1 ? classes + 1 : classes, n];
  });
  const total = clusters.reduce((sum, [k, n]) => sum + k * n, 0);
  const thresholds = samples.map((n) => Math.sqrt(n) / total);
  return instanceOf(clusters, lambdaAmong(random, thresholds), biasWeight(random));
}

function sampleCounts(random: () => number, J: number, ratio: number): number[] {
  const kind = Math.floor(random() * 4);
  const least = 10 ** (random() < 0.5 ? 0 : 3 * random());
  const last = Math.max(1, J - 1);
  const share = (j: number): number => {
    if (kind === 0) return ratio ** (1 - j / last);
    if (kind === 1) return j === 0 ? ratio : j === last ? 1 : ratio ** random();
    if (kind === 2) return j < J / 2 ? ratio : 1;
    return (j + 1) ** (-Math.log(ratio) / Math.log(J + 1)) * ratio;
  };
  const counts = new Set<number>();
  for (let j = 0; j < J; j++) {
    let count = Math.max(1, Math.round(share(j) * least));
    while (counts.has(count)) count += 1 + Math.floor(random() * 3);
    counts.add(count);
  }
  return [...counts].sort((a, b) => b - a);
}

function lambdaAmong(random: () => number, thresholds: readonly number[]): number {
  const top = 0.999 * thresholds[0]!;
  const bottom = 1e-5 * thresholds.at(-1)!;
  if (random() < 0.75) return bottom * (top / bottom) ** random();
  const near = thresholds[Math.floor(random() * thresholds.length)]!;
  const side = random() < 0.5 ? 1 : -1;
  return Math.min(top, near * (1 + side * 10 ** (-0.5 - 7.5 * random())));
}

function biasWeight(random: () => number): number | null {
  const kind = random();
  if (kind < 0.3) return null;
  return kind < 0.6 ? 0 : 10 ** (-12 * random());
}
