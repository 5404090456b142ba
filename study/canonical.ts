import type { Cluster, Instance, Problem } from './instance.js';
import { withoutIdle } from './idle-remedies.js';
import { REMEDY_LISTS } from './remedies.js';

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
 * The problem in the one form in which equal problems are equal: without what changes nothing, and with clusters merged
 * that nothing tells apart, from the most samples to the fewest. Those of equal counts that a list tells apart stand from
 * the largest entry to the smallest, by the first of `REMEDY_LISTS` that does.
 *
 * @param problem with an entry for each of its clusters in every list
 */
export function canonicalProblem<P extends Problem>(problem: P): P {
  const used = withoutIdle(problem);
  const names = REMEDY_LISTS.filter((name) => used[name] !== undefined);
  if (names.length === 0) return { ...used, clusters: canonicalClusters(used.clusters) };
  const merged = new Map<string, { classes: number; readonly marks: readonly number[] }>();
  used.clusters.forEach(([classes, samples], j) => {
    const marks = [samples, ...names.map((name) => used[name]![j]!)];
    const cluster = merged.get(marks.join()) ?? { classes: 0, marks };
    merged.set(marks.join(), { ...cluster, classes: cluster.classes + classes });
  });
  const sorted = [...merged.values()].sort((left, right) => descending(left.marks, right.marks));
  const lists = names.map((name, i) => [name, sorted.map(({ marks }) => marks[i + 1]!)]);
  const clusters = sorted.map(({ classes, marks }): Cluster => [classes, marks[0]!]);
  // Names keep their places: those of canonical JSON, where they had them.
  return { ...used, clusters, ...(Object.fromEntries(lists) as object) };
}

/** Below 0 where the first number that differs is larger on the left. */
export function descending(left: readonly number[], right: readonly number[]): number {
  const differs = left.findIndex((mark, i) => mark !== right[i]);
  return differs < 0 ? 0 : right[differs]! - left[differs]!;
}

/**
 * The instance in the one form in which equal instances are equal: its canonical problem, and for the exact solver
 * without what it ignores. It has no random start, no polish, and solves for class means, where the minimum of the
 * per-sample form lies as well.
 */
export function canonicalInstance(instance: Instance): Instance {
  const canonical = canonicalProblem(instance);
  if (canonical.solver !== 'exact') return canonical;
  return { ...canonical, form: 'class-means', polish: false, seed: null };
}

/** For each cluster of a problem as it was stated, the one of its canonical form that holds it. */
export function placesIn(canonical: Problem, stated: Problem): number[] {
  const names = REMEDY_LISTS.filter((name) => canonical[name] !== undefined);
  return stated.clusters.map(([, samples], j) =>
    canonical.clusters.findIndex(
      ([, n], i) =>
        n === samples && names.every((name) => canonical[name]![i] === stated[name]![j]),
    ),
  );
}
