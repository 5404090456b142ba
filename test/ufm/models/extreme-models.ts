import type { Cluster, Instance } from '../../../study/instance.js';
import { spread } from '../certificate/extreme-cases.js';
import { instanceOf } from '../reference-instances.js';
import { MODELS } from './random-models.js';

/**
 * Instances of a model with 1 to 4 clusters: samples to 1e12, lambda from 1e-3 of a threshold to 3 of it, within 1e-12 to 1e-3
 * of one, or anything.
 */
export function* extremeModels(
  name: string,
  random: () => number,
  count: number,
): Generator<Instance> {
  for (let i = 0; i < count; i++) {
    const clusters = clustersOf(random, 1 + (i % 4));
    const lambda = lambdaOf(random, clusters);
    const lambdaB = [null, 0, spread(random, -6, 2)][i % 3]!;
    yield MODELS[name]!(random, instanceOf(clusters, lambda, lambdaB));
  }
}

function clustersOf(random: () => number, J: number): Cluster[] {
  const most = random() < 0.5 ? 12 : 4;
  const counts = new Set<number>();
  while (counts.size < J) counts.add(Math.max(1, Math.round(spread(random, 0, most))));
  const clusters = [...counts]
    .sort((a, b) => b - a)
    .map((samples): Cluster => [random() < 0.3 ? 1 : 1 + Math.floor(4 * random()), samples]);
  return J === 1 ? [[Math.max(2, clusters[0]![0]), clusters[0]![1]]] : clusters;
}

function lambdaOf(random: () => number, clusters: readonly Cluster[]): number {
  const total = clusters.reduce((all, [classes, samples]) => all + classes * samples, 0);
  const [, samples] = clusters[Math.floor(clusters.length * random())]!;
  const threshold = Math.sqrt(samples) / total;
  const kind = random();
  if (kind < 0.5) return threshold * spread(random, -3, 0.5);
  if (kind < 0.7) return threshold * (1 + (random() < 0.5 ? 1 : -1) * spread(random, -12, -3));
  return spread(random, -300, 3);
}
