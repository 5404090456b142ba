import { classCount, featureCount, type Cluster, type Instance } from './instance.js';
import { misfitOf } from './misfit.js';
import { isBetween, isWhole, told } from './field-values.js';
import { areDistinct, remedyProblem } from './remedy-problem.js';
import {
  LARGEST_CLASS_COUNT,
  LARGEST_FEATURE_DIMENSION,
  LARGEST_FEATURES,
  LARGEST_SAMPLE_COUNT,
  LARGEST_SEED,
  LARGEST_TOLERANCE,
  SMALLEST_TOLERANCE,
} from './limits.js';

/**
 * What makes a value of a file no instance that a study could have asked for, with the field's name; null when it is
 * one. A solver would run out of memory on some, and never end on others. By hand, since every point of every shard
 * passes through here and a schema takes as long as an exact solution.
 *
 * A lambda of 0 passes: a tiny `lambdaTimesN` comes to that, and its point fails alone.
 */
export function instanceProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return told('the instance', value, 'an object');
  const instance = value as Record<keyof Instance, unknown>;
  const { clusters, featureDimension, form, seed, tolerance } = instance;
  const least = (name: 'lambdaB' | 'lambdaH' | 'lambdaW'): string | null =>
    isBetween(instance[name], 0, Number.MAX_VALUE)
      ? null
      : told(name, instance[name], 'a number, 0 or more');
  if (!areClusters(clusters)) {
    return told(
      'clusters',
      clusters,
      `[classes, samples] from the most samples to the fewest, with 2 to ${LARGEST_CLASS_COUNT} classes in all and ` +
        `1 to ${LARGEST_SAMPLE_COUNT} samples in each`,
    );
  }
  const ofRemedies = remedyProblem(value as Record<string, unknown>, clusters.length);
  if (ofRemedies !== null) return ofRemedies;
  if (!areDistinct(value as Instance)) {
    return told('clusters', clusters, 'without classes in two clusters that nothing tells apart, the larger numbers first'); // prettier-ignore
  }
  if (!isWhole(featureDimension, 1, LARGEST_FEATURE_DIMENSION)) {
    return told(
      'featureDimension',
      featureDimension,
      `a whole number from 1 to ${LARGEST_FEATURE_DIMENSION}`,
    );
  }
  if (form !== 'class-means' && form !== 'per-sample') {
    return told('form', form, 'class-means or per-sample');
  }
  if (form === 'per-sample' && featureCount({ clusters, featureDimension }) > LARGEST_FEATURES) {
    return told('form', form, `class-means above ${LARGEST_FEATURES} numbers of features (N x d)`);
  }
  if (instance.solver !== 'tensor' && instance.solver !== 'exact') {
    return told('solver', instance.solver, 'tensor or exact');
  }
  if (!isBetween(tolerance, SMALLEST_TOLERANCE, LARGEST_TOLERANCE)) {
    return told(
      'tolerance',
      tolerance,
      `a number from ${SMALLEST_TOLERANCE} to ${LARGEST_TOLERANCE}`,
    );
  }
  if (typeof instance.polish !== 'boolean') {
    return told('polish', instance.polish, 'true or false');
  }
  if (seed !== null && !isWhole(seed, 0, LARGEST_SEED)) {
    return told('seed', seed, `a whole number from 0 to ${LARGEST_SEED}, or null`);
  }
  const ofWeights = least('lambdaW') ?? least('lambdaH') ?? (instance.lambdaB === null ? null : least('lambdaB')); // prettier-ignore
  if (ofWeights !== null) return ofWeights;
  const misfit = misfitOf(value as Instance);
  return misfit === null ? null : `${misfit.field} ${misfit.reason}`;
}

function areClusters(value: unknown): value is readonly Cluster[] {
  if (!Array.isArray(value) || value.length > LARGEST_CLASS_COUNT) return false;
  let before = Infinity;
  for (const cluster of value as readonly unknown[]) {
    if (!Array.isArray(cluster) || cluster.length !== 2) return false;
    const [classes, samples] = cluster as readonly unknown[];
    if (!isWhole(classes, 1, LARGEST_CLASS_COUNT)) return false;
    if (!isWhole(samples, 1, LARGEST_SAMPLE_COUNT) || samples > before) return false;
    before = samples;
  }
  const classes = classCount(value as readonly Cluster[]);
  return classes >= 2 && classes <= LARGEST_CLASS_COUNT;
}
