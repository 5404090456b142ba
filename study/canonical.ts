import type { Cluster, Instance } from './instance.js';

/** The same classes as clusters of distinct sample counts, from the most samples to the fewest. */
export function canonicalClusters(clusters: readonly Cluster[]): readonly Cluster[] {
  if (isCanonical(clusters)) return clusters;
  const classesBySamples = new Map<number, number>();
  for (const [classes, samples] of clusters) {
    classesBySamples.set(samples, (classesBySamples.get(samples) ?? 0) + classes);
  }
  return [...classesBySamples]
    .sort(([left], [right]) => right - left)
    .map(([samples, classes]) => [classes, samples]);
}

function isCanonical(clusters: readonly Cluster[]): boolean {
  return clusters.every(([, samples], i) => i === 0 || samples < clusters[i - 1]![1]);
}

/**
 * The instance in the one form in which equal problems are equal: clusters merged and sorted, and for the exact
 * solver without what it ignores. It has no random start, no polish, and solves for class means, where the minimum
 * of the per-sample form lies as well.
 */
export function canonicalInstance(instance: Instance): Instance {
  const clusters = canonicalClusters(instance.clusters);
  if (instance.solver !== 'exact') return { ...instance, clusters };
  return { ...instance, clusters, form: 'class-means', polish: false, seed: null };
}
