import { pullOf, type ConvexProblem } from '../problem.js';
import { rightSingularVectors } from '../linear-algebra/singular-values.js';
import type { DualPoint } from './dual-point.js';
import { lowerLambda, unitOf } from './lambda.js';
import { gamma, roundDown, roundUp, UNIT_ROUNDOFF } from './rounding.js';
import { singularValueBounds } from './singular-value-bounds.js';

/** A dual point with |A(P)|_2 <= lambda, A(P) = diag(delta) (P - T) diag(c/s), and what is known of A's mean block. */
export interface FeasiblePoint {
  readonly point: DualPoint;
  /** In [0, 1]: how much of the way from the targets the point was left. */
  readonly theta: number;
  /** Upper bounds of the J singular values of A's mean block, times `unitOf` the problem; descending. */
  readonly meanSingularValues: Float64Array;
}

/**
 * Shrinks P towards the targets, p'_k = t_k + theta (p_k - t_k), until |A(P')|_2 = theta |A(P)|_2 <= lambda for certain.
 */
export function scaleToFeasible(
  problem: ConvexProblem,
  point: DualPoint,
  near: Float64Array,
): FeasiblePoint {
  const { clusterCount: J, classCount: K, classes, ownTarget, otherTarget, roundings } = problem;
  const { norm, meanSingularValues } = normOfResidual(problem, point, near);
  const lambda = unitOf(problem) * lowerLambda(problem);
  const theta = norm <= lambda ? 1 : roundDown(lambda / norm, 1);
  /** What is put back of a target; a class that has no other in its cluster has none there. */
  const ofOther = (at: number) =>
    at % (J + 1) === 0 && classes[at % J] === 1 ? 0 : (1 - theta) * otherTarget[at % J]!;
  return {
    theta,
    point: {
      ...point,
      own: point.own.map((own, c) => (1 - theta) * ownTarget[c]! + theta * own),
      rest: point.rest.map((rest, c) => theta * rest + (1 - theta) * (K - 1) * otherTarget[c]!),
      other: point.other.map((other, at) => theta * other + ofOther(at)),
      relativeError: roundUp(point.relativeError + (4 + roundings) * UNIT_ROUNDOFF, 1),
    },
    meanSingularValues: meanSingularValues.map((value) => roundUp(theta * value, 2)),
  };
}

/**
 * Upper bounds of |A(P)|_2 and of the J singular values of A's mean block, descending, all times `unitOf` the problem. A is
 * block diagonal: delta_j c_j/s_j ((t_own - t_same) - (own - same)) on the contrasts of cluster j, and the J x J mean block,
 * which at the optimum has the right singular vectors of Y's, `near`.
 */
export function normOfResidual(
  problem: ConvexProblem,
  point: DualPoint,
  near?: Float64Array,
): { readonly norm: number; readonly meanSingularValues: Float64Array } {
  const { clusterCount: J, classCount: K, classes, otherTarget, roundings } = problem;
  const unit = unitOf(problem);
  const { block, magnitudes } = residualMeanBlock(problem, point, unit);
  const V = rightSingularVectors(block, J, near);
  const error = point.relativeError + gamma(J + 10 + 2 * roundings);
  const bounds = singularValueBounds(block, magnitudes, J, error, V);
  const correctionNorm = normOfCorrection(problem, point, unit);
  const slack = 1 + point.relativeError + gamma(4 + roundings);
  const errorOfTarget = 2 * (point.relativeError + gamma(4 + roundings));
  let norm = bounds.values[0]! + correctionNorm;
  for (let j = 0; j < J; j++) {
    if (!(classes[j]! > 1)) continue;
    const predicted = point.rest[j]! + point.other[j * J + j]!;
    const target = K * otherTarget[j]!;
    const sum = Math.abs(predicted - target) * slack + errorOfTarget * target;
    norm = Math.max(norm, unit * pullOf(problem, j) * sum + correctionNorm);
  }
  return {
    norm: roundUp(norm, 8 + 2 * roundings),
    meanSingularValues: bounds.values.map((value) => value + correctionNorm),
  };
}

/**
 * A's mean block in orthonormal coordinates times `unit`, J x J: entry (a, c) is delta_a sqrt(k_a k_c) c_c/s_c (P - T)
 * averaged over it, within J + 6 operations of the magnitudes of P and T.
 */
function residualMeanBlock(problem: ConvexProblem, { other }: DualPoint, unit: number) {
  const { clusterCount: J, classes, totalMass, massPerScale, squaredScales } = problem;
  const { logitScales, otherTarget } = problem;
  const block = new Float64Array(J * J);
  const magnitudes = new Float64Array(J * J);
  for (let c = 0; c < J; c++) {
    const root = Math.sqrt(classes[c]! * squaredScales[c]!);
    const scale = (unit * massPerScale[c]! * root) / totalMass;
    const target = otherTarget[c]!;
    let outflow = 0;
    let toOthers = 0;
    for (let a = 0; a < J; a++) {
      if (a === c) continue;
      const excess = other[a * J + c]! - target;
      outflow += classes[a]! * excess;
      toOthers += classes[a]! * target;
      const ofRow = logitScales[a]! * scale * Math.sqrt(classes[a]!);
      block[a * J + c] = ofRow * excess;
      magnitudes[a * J + c] = Math.abs(block[a * J + c]!) + 2 * ofRow * target;
    }
    const ofRow = logitScales[c]! * scale;
    block[c * J + c] = (-ofRow * outflow) / Math.sqrt(classes[c]!);
    magnitudes[c * J + c] = Math.abs(block[c * J + c]!) + 2 * ofRow * toOthers;
  }
  return { block, magnitudes };
}

/** An upper bound of what the point's correction adds to |A(P)|_F, times `unit`: it is correction x m. */
function normOfCorrection(
  problem: ConvexProblem,
  { correction, isBalanced }: DualPoint,
  unit: number,
): number {
  if (!isBalanced) return 0;
  const { clusterCount: J, classes, masses, totalMass, logitScales, roundings } = problem;
  const { massPerScale, squaredScales } = problem;
  let rows = 0;
  let columns = 0;
  for (let a = 0; a < J; a++) {
    const inUnits = unit * logitScales[a]! * correction[a]!;
    const squaredPull = massPerScale[a]! * massPerScale[a]! * squaredScales[a]!;
    rows += classes[a]! * inUnits * inUnits;
    columns += classes[a]! * masses[a]! * masses[a]! * squaredPull;
  }
  const norm = Math.sqrt(roundUp(rows, J + 2) * columns) / totalMass;
  return roundUp(norm, J + 5 + 3 * roundings);
}
