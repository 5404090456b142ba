import type { ConvexProblem } from '../problem.js';
import { rightSingularVectors } from '../linear-algebra/singular-values.js';
import type { DualPoint } from './dual-point.js';
import { lowerLambda, unitOf } from './lambda.js';
import { gamma, roundDown, roundUp, UNIT_ROUNDOFF } from './rounding.js';
import { singularValueBounds } from './singular-value-bounds.js';

/** A dual point with |A(P)|_2 <= lambda, A(P) = (P - I) D^(1/2) / N, and what is known of A's mean block. */
export interface FeasiblePoint {
  readonly point: DualPoint;
  /** In [0, 1]: how far the point was shrunk towards the labels. */
  readonly theta: number;
  /** Upper bounds of the J singular values of A's mean block, times `unitOf` the problem; descending. */
  readonly meanSingularValues: Float64Array;
}

/**
 * Shrinks P towards the labels, p'_k = e_k + theta (p_k - e_k), until |A(P')|_2 = theta |A(P)|_2 <= lambda for certain.
 * A is block diagonal: sqrt(n_j)/N (1 - own + same) on the contrasts of cluster j, and the J x J mean block, which at the
 * optimum has the right singular vectors of Y's, `near`.
 */
export function scaleToFeasible(
  problem: ConvexProblem,
  point: DualPoint,
  near: Float64Array,
): FeasiblePoint {
  const { clusterCount: J, classes, samples, sampleCount } = problem;
  const unit = unitOf(problem);
  const block = residualMeanBlock(problem, point, unit);
  const V = rightSingularVectors(block, J, near);
  const bounds = singularValueBounds(block, J, point.relativeError + gamma(J + 10), V);
  const correctionNorm = normOfCorrection(problem, point, unit);
  const slack = 1 + point.relativeError + gamma(4);
  let norm = bounds.values[0]! + correctionNorm;
  for (let j = 0; j < J; j++) {
    if (!(classes[j]! > 1)) continue;
    const sum = (point.rest[j]! + point.other[j * J + j]!) * slack;
    const contrast = ((unit * Math.sqrt(samples[j]!)) / sampleCount) * sum;
    norm = Math.max(norm, contrast + correctionNorm);
  }
  norm = roundUp(norm, 8);
  const lambda = unit * lowerLambda(problem);
  const theta = norm <= lambda ? 1 : roundDown(lambda / norm, 1);
  return {
    theta,
    point: {
      ...point,
      own: point.own.map((own) => 1 - theta + theta * own),
      rest: point.rest.map((rest) => theta * rest),
      other: point.other.map((other) => theta * other),
      relativeError: roundUp(point.relativeError + 4 * UNIT_ROUNDOFF, 1),
    },
    meanSingularValues: bounds.values.map((value) => roundUp(theta * (value + correctionNorm), 2)),
  };
}

/**
 * A's mean block in orthonormal coordinates times `unit`, J x J: entry (a, c) is sqrt(k_a k_c n_c)/N (P - I) averaged over
 * it, within J + 6 operations.
 */
function residualMeanBlock(
  problem: ConvexProblem,
  { other }: DualPoint,
  unit: number,
): Float64Array {
  const { clusterCount: J, classes, samples, sampleCount } = problem;
  const block = new Float64Array(J * J);
  for (let c = 0; c < J; c++) {
    const scale = (unit * Math.sqrt(classes[c]! * samples[c]!)) / sampleCount;
    let outflow = 0;
    for (let a = 0; a < J; a++) {
      if (a === c) continue;
      outflow += classes[a]! * other[a * J + c]!;
      block[a * J + c] = scale * Math.sqrt(classes[a]!) * other[a * J + c]!;
    }
    block[c * J + c] = (-scale * outflow) / Math.sqrt(classes[c]!);
  }
  return block;
}

/** An upper bound of what the point's correction adds to |A(P)|_F, times `unit`: it is correction x n. */
function normOfCorrection(
  problem: ConvexProblem,
  { correction, isBalanced }: DualPoint,
  unit: number,
): number {
  if (!isBalanced) return 0;
  const { clusterCount: J, classes, samples, sampleCount } = problem;
  let rows = 0;
  let columns = 0;
  for (let a = 0; a < J; a++) {
    const inUnits = unit * correction[a]!;
    rows += classes[a]! * inUnits * inUnits;
    columns += classes[a]! * samples[a]! * samples[a]! * samples[a]!;
  }
  return roundUp(Math.sqrt(roundUp(rows, J + 2) * columns) / sampleCount, J + 5);
}
