import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Cluster, Instance } from '../../study/instance.js';
import { instanceOf } from './reference-instances.js';

/** Uniform numbers in (0, 1), the same for the same seed. */
export function uniform(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
}

export interface Ranges {
  readonly clusterCount: number;
  /** The most classes of all clusters together. */
  readonly mostClasses: number;
  /** Whether every cluster is of one class. */
  readonly longTail?: boolean;
}

/**
 * A random instance: 1 to 1e7 samples a class, ratios of 1 to 1e4, lambda from 1e-3 to 3 times the threshold of one of the
 * clusters, no bias, a free one, or weights from 1e-4 to 1.
 */
export function randomInstance(random: () => number, ranges: Ranges): Instance {
  const { clusterCount: J, mostClasses } = ranges;
  const most = mostClasses / J;
  const classes = Array.from({ length: J }, () =>
    ranges.longTail || random() < 0.3 ? 1 : 1 + Math.floor(random() * most),
  );
  if (J === 1) classes[0] = Math.max(2, classes[0]!);
  const largest = 10 ** (7 * random());
  const ratio = 10 ** (4 * random());
  const counts = new Set<number>();
  for (let j = 0; j < J; j++) {
    counts.add(Math.max(1, Math.round(largest / ratio ** (j / Math.max(1, J - 1)))));
  }
  while (counts.size < J) counts.add(Math.max(...counts) + 1 + Math.floor(random() * 5));
  const samples = [...counts].sort((a, b) => b - a);
  const clusters = classes.map((k, j): Cluster => [k, samples[j]!]);
  const total = clusters.reduce((sum, [k, n]) => sum + k * n, 0);
  const threshold = Math.sqrt(samples[Math.floor(random() * J)]!) / total;
  const lambda = threshold * 10 ** (-3 + (3 + Math.log10(3)) * random());
  const lambdaB = [null, 0, 1e-4, 0.02, 1][Math.floor(random() * 5)]!;
  return instanceOf(clusters, lambda, lambdaB);
}

/** Standard normal numbers, by Box and Muller. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
