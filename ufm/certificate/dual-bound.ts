import type { ConvexProblem } from '../problem.js';
import { residual, type DualPoint } from './dual-point.js';
import { ELEMENTARY_ERROR, gamma, roundUp, UNDERFLOW } from './rounding.js';

/**
 * A number that is at most D at a feasible dual point,
 *
 *     D = sum_k n_k/N H(p_k) - |(P - I) n/N|^2 / (2 lambdaB)
 *
 * without the last term where there is no bias or a free one, for which the residual is zero. By duality D, and so this,
 * is at most the optimal value of F.
 */
export function dualLowerBound(problem: ConvexProblem, point: DualPoint): number {
  const { clusterCount: J, classes, samples, weights, sampleCount, lambdaB } = problem;
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
  error = roundUp(error * (1 + gamma(2 * J)) + entropy * gamma(2 * J + 6) + UNDERFLOW);
  if (lambdaB === null || lambdaB === 0) return entropy - 2 * error;

  const { value, error: valueError } = residual(problem, point);
  let penalty = 0;
  for (let a = 0; a < J; a++) {
    const share = (Math.abs(value[a]!) + valueError[a]!) / sampleCount;
    penalty += classes[a]! * share * share;
  }
  penalty = roundUp((penalty / (2 * lambdaB)) * (1 + gamma(J)));
  return entropy - 2 * error - penalty - gamma(3) * (entropy + penalty);
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
