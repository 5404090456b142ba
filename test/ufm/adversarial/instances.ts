import type { Cluster, Instance } from '../../../study/instance.js';
import { spread } from '../certificate/extreme-cases.js';
import { uniform } from '../random-instances.js';
import { instanceOf } from '../reference-instances.js';

/**
 * Instances made to break the exact solver and its certificate, of every kind that `solve` takes: mostly 1 to 12 clusters
 * and sometimes 40; ratios to 1e12; lambda from the least float64 to above the last collapse, and next to every threshold;
 * each bias, however cheap or dear; fewer features than needed, as many, and more.
 */
export function* adversarialInstances(seed: number, count: number): Generator<Instance> {
  const random = uniform(seed);
  for (let i = 0; i < count; i++) {
    const clusters = clustersOf(random, clusterCount(random));
    const [lambdaW, lambdaH] = lambdasOf(random, clusters);
    const lambdaB = biasOf(random);
    const K = clusters.reduce((sum, [classes]) => sum + classes, 0);
    const featureDimension =
      random() < 0.7 ? K : 1 + Math.floor(random() * (random() < 0.5 ? K : K + 5));
    yield instanceOf(clusters, 1, lambdaB, { lambdaW, lambdaH, featureDimension, polish: false });
  }
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(values.length * random())]!;
}

function clusterCount(random: () => number): number {
  const kind = random();
  if (kind < 0.06) return 1;
  if (kind < 0.5) return 2;
  if (kind < 0.8) return 3 + Math.floor(3 * random());
  if (kind < 0.98) return 6 + Math.floor(7 * random());
  return 13 + Math.floor(28 * random());
}

function clustersOf(random: () => number, J: number): Cluster[] {
  const ratio = spread(random, 0.3, pick(random, [1, 4, 9, 12]));
  const least = random() < 0.5 ? 1 : Math.floor(spread(random, 0, 12 - Math.log10(ratio)));
  const counts = new Set<number>([least]);
  for (let j = 1; counts.size < J; j++) {
    const place = j < 4 * J ? random() : random() + j / J;
    counts.add(Math.min(1e12, Math.max(1, Math.round(least * ratio ** place)) + (j > J ? j : 0)));
  }
  const single = random() < 0.3;
  const clusters = [...counts]
    .sort((a, b) => b - a)
    .map((samples): Cluster => [single ? 1 : 1 + Math.floor(spread(random, 0, 1.2)), samples]);
  return J === 1 ? [[Math.max(2, clusters[0]![0]), clusters[0]![1]]] : clusters;
}

function lambdasOf(random: () => number, clusters: readonly Cluster[]): [number, number] {
  const total = clusters.reduce((sum, [classes, samples]) => sum + classes * samples, 0);
  const threshold = Math.sqrt(pick(random, clusters)[1]) / total;
  const lambda = lambdaNear(random, threshold);
  if (random() < 0.8) return [lambda, lambda];
  const skew = spread(random, -8, 8);
  return [lambda * skew, Math.max(Number.MIN_VALUE, lambda / skew)];
}

function lambdaNear(random: () => number, threshold: number): number {
  const kind = random();
  if (kind < 0.35) return threshold * (1 + pick(random, [1, -1]) * spread(random, -12, -3));
  if (kind < 0.6) return threshold * spread(random, -3, 0.3);
  if (kind < 0.75) return threshold * spread(random, -8, 0);
  if (kind < 0.85) return threshold * spread(random, 0, 2);
  if (kind < 0.9) return threshold;
  return Math.max(Number.MIN_VALUE, spread(random, -323.3, -15));
}

function biasOf(random: () => number): number | null {
  const kind = random();
  if (kind < 0.3) return null;
  if (kind < 0.6) return 0;
  if (kind < 0.8) return spread(random, -12, 0);
  return spread(random, -300, 6);
}
