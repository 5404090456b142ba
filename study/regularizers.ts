import { ImpossibleInstance } from './impossible.js';
import { sampleCount, type Cluster } from './instance.js';
import type { Coordinates } from './study.js';
import { predictedThreshold } from './theory.js';

/** The weights of |W|^2 / 2, |H|^2 / 2 and |b|^2 / 2; `lambdaB` null is a model without a bias. */
export interface Regularizers {
  readonly lambdaW: number;
  readonly lambdaH: number;
  readonly lambdaB: number | null;
}

/**
 * The regularizers of a point with this class profile.
 *
 * @throws ImpossibleInstance when no name says what lambda is.
 */
export function regularizersOf(
  coordinates: Coordinates,
  clusters: readonly Cluster[],
): Regularizers {
  const { lambda, lambdaTimesN, lambdaTimesSqrtN, lambdaOverThreshold } = coordinates;
  const { lambdaW, lambdaH, lambdaB } = coordinates;
  const bias = { lambdaB: typeof lambdaB === 'number' ? lambdaB : null };
  const equal = (both: number): Regularizers => ({ lambdaW: both, lambdaH: both, ...bias });

  if (typeof lambda === 'number') return equal(lambda);
  if (typeof lambdaTimesN === 'number') return equal(lambdaTimesN / sampleCount(clusters));
  if (typeof lambdaTimesSqrtN === 'number') {
    return equal(lambdaTimesSqrtN / Math.sqrt(sampleCount(clusters)));
  }
  if (typeof lambdaOverThreshold === 'number') {
    return equal(lambdaOverThreshold * predictedThreshold(clusters, collapsingSamples(clusters)));
  }
  if (typeof lambdaW === 'number' && typeof lambdaH === 'number')
    return { lambdaW, lambdaH, ...bias };
  throw new ImpossibleInstance('lambda', 'is missing');
}

/** Samples of the first cluster to collapse: the smallest count shared by two classes, or else the smallest. */
function collapsingSamples(clusters: readonly Cluster[]): number {
  const shared = clusters.filter(([classes]) => classes >= 2);
  const candidates = shared.length > 0 ? shared : clusters;
  return Math.min(...candidates.map(([, samples]) => samples));
}
