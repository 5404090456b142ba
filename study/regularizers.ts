import { ImpossibleInstance } from './impossible.js';
import { sampleCount, type Problem } from './instance.js';
import type { Coordinates } from './study.js';
import { firstThreshold, hasThreshold } from './theory.js';

/**
 * The weights of |W|^2 / 2, |H|^2 / 2 and |b|^2 / 2: 0 where W or H is bounded or fixed instead; `lambdaB` null is a model
 * without a bias.
 */
export interface Regularizers {
  readonly lambdaW: number;
  readonly lambdaH: number;
  readonly lambdaB: number | null;
}

/**
 * The regularizers of a point with this problem, which is canonical.
 *
 * @throws ImpossibleInstance when no name says what lambda is, or its unit is a threshold that the problem does not have.
 */
export function regularizersOf(coordinates: Coordinates, problem: Problem): Regularizers {
  const { lambda, lambdaTimesN, lambdaTimesSqrtN, lambdaOverThreshold } = coordinates;
  const { lambdaW, lambdaH, lambdaB } = coordinates;
  const bias = { lambdaB: typeof lambdaB === 'number' ? lambdaB : null };
  const isFixed = problem.classifier !== undefined;
  const equal = (both: number): Regularizers => {
    return { lambdaW: isFixed ? 0 : both, lambdaH: both, ...bias };
  };

  if (problem.boundW !== undefined) return equal(0);
  if (typeof lambda === 'number') return equal(lambda);
  if (typeof lambdaTimesN === 'number') return equal(lambdaTimesN / sampleCount(problem.clusters));
  if (typeof lambdaTimesSqrtN === 'number') {
    return equal(lambdaTimesSqrtN / Math.sqrt(sampleCount(problem.clusters)));
  }
  if (typeof lambdaOverThreshold === 'number') {
    if (hasThreshold(problem)) return equal(lambdaOverThreshold * firstThreshold(problem));
    const reason = 'has no unit with a fixed classifier: nothing collapses at any lambda';
    throw new ImpossibleInstance('lambdaOverThreshold', reason);
  }
  if (typeof lambdaH === 'number' && (isFixed || typeof lambdaW === 'number')) {
    return { lambdaW: typeof lambdaW === 'number' ? lambdaW : 0, lambdaH, ...bias };
  }
  throw new ImpossibleInstance('lambda', 'is missing');
}
