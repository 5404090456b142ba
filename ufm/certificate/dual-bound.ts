import type { ConvexProblem } from '../problem.js';
import { residual, type DualPoint } from './dual-point.js';
import { ELEMENTARY_ERROR, gamma, roundUp } from './rounding.js';

/**
 * A number that is at most D at a feasible dual point,
 *
 *     D = sum_k n_k/N H(p_k) - |(P - I) n/N|^2 / (2 lambdaB)
 *
 * without the last term where there is no bias or the residual is zero. By duality D, and so this, is at most the optimal
 * value of F; it may be negative.
 */
export function dualLowerBound(problem: ConvexProblem, point: DualPoint): number {
  const { clusterCount: J, classes, samples, weights, lambdaB } = problem;
  const { own, rest, other, relativeError, correction } = point;
  let entropy = 0;
  let error = 0;
  for (let c = 0; c < J; c++) {
    const n = samples[c]!;
    const ofOwn = ownTerm(own[c]!, rest[c]!, relativeError, correction[c]! * n);
    let sum = ofOwn.value;
    let sumError = ofOwn.error;
    for (let a = 0; a < J; a++) {
      const term = entropyTerm(other[a * J + c]!, relativeError, correction[a]! * n);
      const count = a === c ? classes[a]! - 1 : classes[a]!;
      sum += count * term.value;
      sumError += count * term.error;
    }
    entropy += weights[c]! * sum;
    error += weights[c]! * sumError;
  }
  error = roundUp(error + entropy * gamma(2 * J + 4), 2 * J + 15);
  const penalty = lambdaB === null || point.isBalanced ? 0 : penaltyOf(problem, point, lambdaB);
  const bound = entropy - error - penalty;
  return bound - 2 * gamma(2) * (entropy + error + penalty);
}

/** An upper bound of |(P - I) n/N|^2 / (2 lambdaB): of squares of quotients by the root, which neither term leaves. */
function penaltyOf(problem: ConvexProblem, point: DualPoint, lambdaB: number): number {
  const { clusterCount: J, classes, sampleCount } = problem;
  const { value, error } = residual(problem, point);
  const root = Math.sqrt(2 * lambdaB);
  let penalty = 0;
  for (let a = 0; a < J; a++) {
    const share = roundUp((Math.abs(value[a]!) + error[a]!) / sampleCount, 2) / root;
    penalty += classes[a]! * share * share;
  }
  return roundUp(penalty, J + 8);
}

interface Term {
  readonly value: number;
  readonly error: number;
}

/** -p ln p, and how far that can be from the exact entry's. The derivative is -ln p - 1; p moves by half of p at most. */
function entropyTerm(p: number, relativeError: number, correction: number): Term {
  if (p === 0) return { value: 0, error: 0 };
  const magnitude = Math.abs(Math.log(p));
  const move = p * relativeError + correction;
  return {
    value: p * magnitude,
    error: move * (magnitude + 2) + p * magnitude * 2 * ELEMENTARY_ERROR,
  };
}

/** -own ln own, from rest = 1 - own where own is close to one. */
function ownTerm(own: number, rest: number, relativeError: number, correction: number): Term {
  if (rest > 0.5) return entropyTerm(own, relativeError, correction);
  const magnitude = -Math.log1p(-rest);
  const move = rest * relativeError + correction;
  return {
    value: own * magnitude,
    error: 4 * move + own * magnitude * (relativeError + 2 * ELEMENTARY_ERROR),
  };
}
