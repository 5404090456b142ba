import { LARGEST_CLASS_COUNT, LARGEST_SAMPLE_COUNT } from './limits.js';
import { canonicalClusters } from './canonical.js';
import { ImpossibleInstance } from './impossible.js';
import { classCount, type Cluster } from './instance.js';
import type { AxisName, Coordinates } from './study.js';

/**
 * The class profile of a point, canonical; see `statedProfile`.
 *
 * @throws ImpossibleInstance when rounding leaves a class without samples, or numbers contradict each other.
 */
export function profileOf(coordinates: Coordinates): readonly Cluster[] {
  return canonicalClusters(statedProfile(coordinates));
}

/**
 * The class profile of a point with the clusters that lists have an entry for. Coordinates say it in one of four ways:
 * clusters, and majority and minority classes of which two of n_A, n_B and r = n_A / n_B are given, are as they stand, however
 * many samples they have; of samples of every class, and of a long tail, classes of equal counts are a cluster, from the
 * most samples to the fewest.
 *
 * @throws ImpossibleInstance when rounding leaves a class without samples, or numbers contradict each other.
 */
export function statedProfile(coordinates: Coordinates): readonly Cluster[] {
  const scale = numberAt(coordinates, 'sampleScale') ?? 1;
  const stated = numberAt(coordinates, 'classes');
  if (stated !== undefined && stated > LARGEST_CLASS_COUNT) {
    throw new ImpossibleInstance('classes', `is ${stated}, above ${LARGEST_CLASS_COUNT}`);
  }
  const [clusters, axis] = unscaledProfile(coordinates);
  const scaled = clusters.map(([classes, samples]): Cluster => [
    classes,
    roundedSamples(samples * scale, scale === 1 ? axis : 'sampleScale'),
  ]);
  const K = classCount(scaled);
  if (stated !== undefined && stated !== K) {
    throw new ImpossibleInstance('classes', `is ${stated}, but \`${axis}\` has ${K} classes`);
  }
  if (K < 2 || K > LARGEST_CLASS_COUNT) {
    throw new ImpossibleInstance(axis, `must have 2 to ${LARGEST_CLASS_COUNT} classes, not ${K}`);
  }
  return scaled;
}

/** The profile before scaling and rounding, and the name that says it. */
function unscaledProfile(coordinates: Coordinates): [clusters: readonly Cluster[], axis: AxisName] {
  const { clusters, samples, longTail } = coordinates;
  if (clusters !== undefined) return [clusters as readonly Cluster[], 'clusters'];
  if (samples !== undefined) {
    const classes = (samples as readonly number[]).map((count): Cluster => [1, count]);
    return [canonicalClusters(classes), 'samples'];
  }
  if (longTail !== undefined) {
    const K = requiredNumber(coordinates, 'classes');
    const { largest, ratio } = longTail as { largest: number; ratio: number };
    const tail = Array.from({ length: K }, (_, k): Cluster => [
      1,
      largest * ratio ** (-k / (K - 1)),
    ]);
    const rounded = tail.map(([k, count]): Cluster => [k, roundedSamples(count, 'longTail')]);
    return [canonicalClusters(rounded), 'longTail'];
  }
  return majorityAndMinority(coordinates);
}

function majorityAndMinority(coordinates: Coordinates): [Cluster[], AxisName] {
  const K = requiredNumber(coordinates, 'classes');
  const majority = requiredNumber(coordinates, 'majorityClasses');
  if (majority >= K) {
    const message = `must be below \`classes\` (${K}), not ${majority}: the rest are the minority classes`;
    throw new ImpossibleInstance('majorityClasses', message);
  }
  const ratio = numberAt(coordinates, 'imbalanceRatio') ?? Number.NaN;
  const stated = numberAt(coordinates, 'majoritySamples');
  const minoritySamples =
    numberAt(coordinates, 'minoritySamples') ??
    roundedSamples(requiredNumber(coordinates, 'majoritySamples') / ratio, 'imbalanceRatio');
  const majoritySamples = stated ?? roundedSamples(minoritySamples * ratio, 'imbalanceRatio');
  return [
    [
      [majority, majoritySamples],
      [K - majority, minoritySamples],
    ],
    'majorityClasses',
  ];
}

function roundedSamples(samples: number, axis: AxisName): number {
  const count = Math.round(samples);
  if (count >= 1 && count <= LARGEST_SAMPLE_COUNT) return count;
  throw new ImpossibleInstance(
    axis,
    `leaves a class with ${samples} samples; every class needs 1 to ${LARGEST_SAMPLE_COUNT}`,
  );
}

function numberAt(coordinates: Coordinates, name: AxisName): number | undefined {
  const value = coordinates[name];
  return typeof value === 'number' ? value : undefined;
}

function requiredNumber(coordinates: Coordinates, name: AxisName): number {
  const value = numberAt(coordinates, name);
  if (value === undefined) throw new ImpossibleInstance(name, 'is missing');
  return value;
}
