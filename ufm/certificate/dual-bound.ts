import type { ConvexProblem } from '../problem.js';
import { residual, type DualPoint } from './dual-point.js';
import { ELEMENTARY_ERROR, gamma, roundUp } from './rounding.js';

/**
 * A number that is at most D at a feasible dual point,
 *
 *     D = sum_k c_k (H(p_k) + <p_k - t_k, iota_k>) - |delta o (P - T) c|^2 / (2 lambdaB)
 *
 * without the last term where there is no bias or the residual is zero. By duality D, and so this, is at most the optimal
 * value of F; it may be negative.
 */
export function dualLowerBound(problem: ConvexProblem, point: DualPoint): number {
  const { clusterCount: J, classes, masses, weights, lambdaB, roundings } = problem;
  const { own, rest, other, relativeError, correction } = point;
  let entropy = 0;
  let error = 0;
  for (let c = 0; c < J; c++) {
    const mass = masses[c]!;
    const ofOwn = ownTerm(own[c]!, rest[c]!, relativeError, correction[c]! * mass);
    let sum = ofOwn.value;
    let sumError = ofOwn.error;
    for (let a = 0; a < J; a++) {
      const term = entropyTerm(other[a * J + c]!, relativeError, correction[a]! * mass);
      const count = a === c ? classes[a]! - 1 : classes[a]!;
      sum += count * term.value;
      sumError += count * term.error;
    }
    entropy += weights[c]! * sum;
    error += weights[c]! * sumError;
  }
  const shifted = isShifted(problem) ? ofShifts(problem, point) : NOTHING;
  error = roundUp(error + entropy * gamma(2 * J + 4 + roundings), 2 * J + 15 + roundings);
  error += shifted.error;
  const penalty = lambdaB === null || point.isBalanced ? 0 : penaltyOf(problem, point, lambdaB);
  const bound = entropy + shifted.value - error - penalty;
  return bound - 2 * gamma(2) * (entropy + Math.abs(shifted.value) + error + penalty);
}

function isShifted({ logitShifts, margins }: ConvexProblem): boolean {
  return logitShifts.some((shift) => shift !== 0) || margins.some((margin) => margin !== 0);
}

/**
 * sum_k c_k <p_k - t_k, iota_k>: what the shifts of other clusters' logits against the own one count, and the margin with
 * what is predicted wrong. Both are differences of predictions and targets, whose errors go with their sum.
 */
function ofShifts(problem: ConvexProblem, point: DualPoint): Term {
  const { clusterCount: J, classCount: K, classes, masses, weights } = problem;
  const { logitShifts, margins, otherTarget, roundings } = problem;
  const { other, rest, relativeError, correction } = point;
  const relative = relativeError + gamma(J + 10 + 2 * roundings);
  let value = 0;
  let error = 0;
  for (let c = 0; c < J; c++) {
    const target = otherTarget[c]!;
    const wrong = (K - 1) * target;
    let sum = margins[c]! * (rest[c]! - wrong);
    let ofSum = margins[c]! * ((rest[c]! + wrong) * relative + correction[c]! * masses[c]!);
    for (let a = 0; a < J; a++) {
      if (a === c) continue;
      const entry = other[a * J + c]!;
      const shift = classes[a]! * (logitShifts[a]! - logitShifts[c]!);
      const size = classes[a]! * (Math.abs(logitShifts[a]!) + Math.abs(logitShifts[c]!));
      sum += shift * (entry - target);
      ofSum += size * ((entry + target) * relative + correction[a]! * masses[c]!);
    }
    value += weights[c]! * sum;
    error += weights[c]! * ofSum;
  }
  return { value, error: roundUp(2 * error, 2 * J + 15 + roundings) };
}

/** An upper bound of |delta o (P - T) c|^2 / (2 lambdaB): of squares of quotients by the root, which neither term leaves. */
function penaltyOf(problem: ConvexProblem, point: DualPoint, lambdaB: number): number {
  const { clusterCount: J, classes, totalMass, logitScales } = problem;
  const { value, error } = residual(problem, point);
  const root = Math.sqrt(2 * lambdaB);
  let penalty = 0;
  for (let a = 0; a < J; a++) {
    const share =
      (logitScales[a]! * roundUp((Math.abs(value[a]!) + error[a]!) / totalMass, 2)) / root;
    penalty += classes[a]! * share * share;
  }
  return roundUp(penalty, J + 8);
}

interface Term {
  readonly value: number;
  readonly error: number;
}

const NOTHING: Term = { value: 0, error: 0 };

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
