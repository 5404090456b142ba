import { canonicalClusters } from './canonical.js';
import { ImpossibleInstance } from './impossible.js';
import { sampleCount, type Cluster } from './instance.js';
import { LARGEST_FACTOR, SMALLEST_FACTOR } from './limits.js';
import { isRemedyList, REMEDY_NAMES, type Remedies, type RemedyList } from './remedies.js';
import type { AxisValue, ByExponent, Coordinates, MarginRule } from './study.js';

/** What the number of a cluster is, by the samples of each of its classes. */
type Formula = (samples: number) => number;

/**
 * The remedies that coordinates state, lists and formulas as a number for each of these clusters. What changes nothing is
 * among them; see `canonicalProblem`.
 *
 * @throws ImpossibleInstance where a list has another length, or a formula leaves the bounds of lists.
 */
export function statedRemedies(coordinates: Coordinates, clusters: readonly Cluster[]): Remedies {
  const stated = REMEDY_NAMES.filter((name) => coordinates[name] !== undefined);
  return Object.fromEntries(
    stated.map((name) => {
      const value = coordinates[name]!;
      return [name, isRemedyList(name) ? listOf(name, value, clusters) : value];
    }),
  );
}

function listOf(
  name: RemedyList,
  value: AxisValue,
  clusters: readonly Cluster[],
): readonly number[] {
  if (Array.isArray(value)) {
    if (value.length === clusters.length) return value as readonly number[];
    throw new ImpossibleInstance(name, wrongLength(value.length, clusters));
  }
  const formula = FORMULAS[name](value as MarginRule, clusters);
  return clusters.map(([, samples]) => {
    const entry = formula(samples);
    if (name === 'margins' || (entry >= SMALLEST_FACTOR && entry <= LARGEST_FACTOR)) return entry;
    throw new ImpossibleInstance(
      name,
      `gives classes with ${samples} samples the number ${entry}; it must be ${SMALLEST_FACTOR} to ${LARGEST_FACTOR}`,
    );
  });
}

/** What is wrong with a list of so many numbers. */
export function wrongLength(numbers: number, clusters: readonly Cluster[]): string {
  const profile = clusters.map(([classes, samples]) => `${classes} x ${samples}`);
  const shown = profile.length <= 8 ? profile : [...profile.slice(0, 7), '...'];
  return (
    `must have a number for each cluster of the classes, ${clusters.length} of them, not ${numbers}: ` +
    `the clusters are ${shown.join(', ')} samples`
  );
}

/**
 * The formulas of study files. They go by the canonical clusters, so that a number does not depend on how a profile was
 * written, and by ratios of sample counts, so that there is no rounding where all classes have as many.
 */
const FORMULAS: Readonly<
  Record<RemedyList, (rule: MarginRule, clusters: readonly Cluster[]) => Formula>
> = {
  classWeights: (rule, clusters) => meanOne(rule, canonicalClusters(clusters)),
  featurePenalties:
    ({ exponent }) =>
    (samples) =>
      samples ** -exponent,
  logitScales: ({ exponent }, clusters) => {
    const most = largest(clusters);
    return (samples) => (samples / most) ** exponent;
  },
  margins: ({ largest: margin, exponent }, clusters) => {
    const fewest = Math.min(...clusters.map(([, samples]) => samples));
    return (samples) => margin * (fewest / samples) ** exponent;
  },
};

/** n^-exponent, scaled so that sum_k n_k omega_k = N. */
function meanOne({ exponent }: ByExponent, clusters: readonly Cluster[]): Formula {
  const most = largest(clusters);
  const weight: Formula = (samples) => (samples / most) ** -exponent;
  const sum = clusters.reduce((all, [k, n]) => all + k * n * weight(n), 0);
  const scale = sampleCount(clusters) / sum;
  return (samples) => weight(samples) * scale;
}

function largest(clusters: readonly Cluster[]): number {
  return Math.max(...clusters.map(([, samples]) => samples));
}
