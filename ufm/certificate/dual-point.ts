import type { Predictions } from '../predictions.js';
import type { ConvexProblem } from '../problem.js';
import { gamma, roundUp } from './rounding.js';

/**
 * Column-stochastic predictions P for the dual problem, symmetric inside clusters, with entries as in `Predictions`.
 * The numbers stand for an exact P: it has the entries (own, other) divided by their exact sum, less a correction whose
 * size is bounded, and shrunk towards the targets. So an entry of cluster a for a sample of cluster c, and rest, differ
 * from P's by at most
 *
 *     relativeError entry + correction[a] m_c          (and 2^-1074, which `UNDERFLOW` covers in every bound)
 */
export interface DualPoint {
  readonly own: Float64Array;
  readonly rest: Float64Array;
  readonly other: Float64Array;
  readonly relativeError: number;
  /** Whether (P - T) m = 0 exactly: every class is predicted as often as the targets have it. */
  readonly isBalanced: boolean;
  /** J values; all zero unless the point is balanced. */
  readonly correction: Float64Array;
}

/** What the residual (P - T) m is for a class of each cluster, and how far the number can be from it. */
export interface Residual {
  readonly value: Float64Array;
  readonly error: Float64Array;
}

/** Numbers that add up to something farther from one stand for nothing: entries are to be known within a half of them. */
const LARGEST_DISTANCE = 0.1;

/** The dual point with these entries; softmax or not, they have to add up to one up to rounding. */
export function dualPoint(
  problem: ConvexProblem,
  { own, other }: Pick<Predictions, 'own' | 'other'>,
): DualPoint {
  const { clusterCount: J, classes } = problem;
  const rest = new Float64Array(J);
  let defect = 0;
  for (let c = 0; c < J; c++) {
    let sum = 0;
    for (let a = 0; a < J; a++) {
      sum += other[a * J + c]! * (a === c ? classes[a]! - 1 : classes[a]!);
    }
    rest[c] = sum;
    defect = Math.max(defect, Math.abs(own[c]! + sum - 1));
  }
  // The exact sum is this far from one; rest has an error of its own besides.
  const distance = defect + gamma(J + 3);
  const isNear = distance < LARGEST_DISTANCE;
  const relativeError = isNear ? roundUp((distance + gamma(J + 2)) / (1 - distance), 4) : Infinity;
  return {
    own,
    rest,
    other,
    relativeError,
    isBalanced: false,
    correction: new Float64Array(J),
  };
}

/** (P - T) m as inflow less outflow, and its error, all for one class of each cluster. */
export function residual(problem: ConvexProblem, { other, relativeError }: DualPoint): Residual {
  const { clusterCount: J, classes, masses, otherTarget, roundings } = problem;
  const value = new Float64Array(J);
  const error = new Float64Array(J);
  for (let a = 0; a < J; a++) {
    let inflow = 0;
    let outflow = 0;
    let magnitude = 0;
    for (let c = 0; c < J; c++) {
      if (c === a) continue;
      const massOfC = classes[c]! * masses[c]!;
      const massOfA = masses[a]! * classes[c]!;
      inflow += massOfC * (other[a * J + c]! - otherTarget[c]!);
      outflow += massOfA * (other[c * J + a]! - otherTarget[a]!);
      magnitude += massOfC * otherTarget[c]! + massOfA * otherTarget[a]!;
    }
    value[a] = inflow - outflow;
    // Targets cancel in both flows, so that their magnitudes are below these.
    const flows = Math.abs(inflow) + Math.abs(outflow) + 2 * magnitude;
    error[a] = roundUp(flows * (relativeError + gamma(J + 4 + roundings)), J + 4 + roundings);
  }
  return { value, error };
}
