import type { Predictions } from '../predictions.js';
import type { ConvexProblem } from '../problem.js';
import { gamma, roundUp } from './rounding.js';

/**
 * Column-stochastic predictions P for the dual problem, symmetric inside clusters, with entries as in `Predictions`.
 * The numbers stand for an exact P: it has the entries (own, other) divided by their exact sum, less a correction whose
 * size is bounded. So an entry of cluster a for a sample of cluster c, and rest, differ from P's by at most
 *
 *     relativeError entry + correction[a] n_c
 */
export interface DualPoint {
  readonly own: Float64Array;
  readonly rest: Float64Array;
  readonly other: Float64Array;
  readonly relativeError: number;
  /** J values; all zero unless the bias is free. */
  readonly correction: Float64Array;
}

/** What the residual (P - I) n is for a class of each cluster, and how far the number can be from it. */
export interface Residual {
  readonly value: Float64Array;
  readonly error: Float64Array;
}

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
  // Dividing by the exact sum changes an entry by the defect, and the defect is known up to gamma.
  const relativeError = roundUp(1.1 * defect + gamma(2 * J + 8));
  return { own, rest, other, relativeError, correction: new Float64Array(J) };
}

/** (P - I) n as inflow less outflow, and its error, all for one class of each cluster. */
export function residual(problem: ConvexProblem, { other, relativeError }: DualPoint): Residual {
  const { clusterCount: J, classes, samples } = problem;
  const value = new Float64Array(J);
  const error = new Float64Array(J);
  for (let a = 0; a < J; a++) {
    let inflow = 0;
    let outflow = 0;
    for (let c = 0; c < J; c++) {
      if (c === a) continue;
      inflow += classes[c]! * samples[c]! * other[a * J + c]!;
      outflow += samples[a]! * classes[c]! * other[c * J + a]!;
    }
    value[a] = inflow - outflow;
    error[a] = roundUp((inflow + outflow) * (relativeError + gamma(J + 4)));
  }
  return { value, error };
}
