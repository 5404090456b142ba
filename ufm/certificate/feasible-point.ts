import type { ConvexProblem } from '../problem.js';
import { rightSingularVectors } from '../linear-algebra/singular-values.js';
import type { DualPoint } from './dual-point.js';
import { gamma, roundDown, roundUp, UNIT_ROUNDOFF } from './rounding.js';
import { singularValueBounds } from './singular-value-bounds.js';

/** A dual point with |A(P)|_2 <= lambda, A(P) = (P - I) D^(1/2) / N, and what is known of A's mean block. */
export interface FeasiblePoint {
  readonly point: DualPoint;
  /** Upper bounds of the J singular values of A's mean block, descending. */
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
  const block = residualMeanBlock(problem, point);
  const V = rightSingularVectors(block, J, near);
  const bounds = singularValueBounds(block, J, point.relativeError + gamma(J + 10), V);
  const correctionNorm = normOfCorrection(problem, point);
  let norm = bounds.values[0]! + correctionNorm;
  for (let j = 0; j < J; j++) {
    if (!(classes[j]! > 1)) continue;
    const slack = 1 + point.relativeError + gamma(6);
    const sum = (point.rest[j]! + point.other[j * J + j]!) * slack;
    const contrast = (Math.sqrt(samples[j]!) / sampleCount) * sum;
    norm = Math.max(norm, contrast + correctionNorm);
  }
  norm = roundUp(norm);
  const lambda = lowerLambda(problem);
  const theta = norm <= lambda ? 1 : roundDown(lambda / norm);
  return {
    point: {
      own: point.own.map((own) => 1 - theta + theta * own),
      rest: point.rest.map((rest) => theta * rest),
      other: point.other.map((other) => theta * other),
      relativeError: roundUp(point.relativeError + 4 * UNIT_ROUNDOFF),
      correction: point.correction,
    },
    meanSingularValues: bounds.values.map((value) => roundUp(theta * (value + correctionNorm))),
  };
}

/** A number that sqrt(lambdaW lambdaH) does not fall below; the problem's lambda carries three roundings. */
export function lowerLambda({ lambda }: ConvexProblem): number {
  return lambda * (1 - gamma(5));
}

/** A's mean block in orthonormal coordinates, J x J: entry (a, c) is sqrt(k_a k_c n_c)/N (P - I) averaged over it. */
function residualMeanBlock(problem: ConvexProblem, { other }: DualPoint): Float64Array {
  const { clusterCount: J, classes, samples, sampleCount } = problem;
  const block = new Float64Array(J * J);
  for (let c = 0; c < J; c++) {
    const scale = Math.sqrt(classes[c]! * samples[c]!) / sampleCount;
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

/** An upper bound of what the point's correction adds to |A(P)|_F: it is correction x n. */
function normOfCorrection(problem: ConvexProblem, { correction }: DualPoint): number {
  const { clusterCount: J, classes, samples, sampleCount } = problem;
  let rows = 0;
  let columns = 0;
  for (let a = 0; a < J; a++) {
    rows += classes[a]! * correction[a]! * correction[a]!;
    columns += classes[a]! * samples[a]! * samples[a]! * samples[a]!;
  }
  return rows === 0
    ? 0
    : roundUp((1 + gamma(2 * J)) * Math.sqrt(rows * columns) * (1 / sampleCount));
}
