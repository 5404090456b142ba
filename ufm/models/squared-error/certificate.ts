import type { Certificate } from '../../certificate.js';
import { gamma, roundDown, roundUp } from '../../certificate/rounding.js';
import { singularValueBounds } from '../../certificate/singular-value-bounds.js';
import type { SquaredErrorProblem } from './problem.js';
import type { Point } from './closed-form.js';

/**
 * What is proved of squared error, from any point. With G = Q S, q_k = z_k + b - t_k at the optimum,
 *
 *     F >= D(G) = -1/N (|G|^2/2 + <G, T S>)      where |G|_2 <= N lambda, and G s = 0 where the bias is free
 *
 * G is block diagonal like Y. A dual point is minus what the threshold cuts off T S. For a free bias it stands for
 * G (I - s s'/N), which is no longer and feasible whatever rounding left in G s.
 *
 * Y's blocks do not see each other, so that each has a gap of its own; N times it is
 *
 *     |Y + b s' - T S - G|^2/2 + (N lambda |Y|_* + <G, Y>),
 *
 * two terms that are small by themselves. D is strongly concave, 1/(2N) |G - G*|^2 <= D(G*) - D(G), which confines G*.
 */
export function certifySquaredError(problem: SquaredErrorProblem, point: Point): Certificate {
  const { clusterCount: J, classes, total } = problem;
  const mean = certifyMean(problem, point);
  let sum = 0;
  let rankBound = mean.rankBound;
  let leastRank = mean.isZero === false ? 1 : 0;
  const collapsed = Array.from(classes, (k, j) => {
    if (k === 1) return null;
    const ofCluster = certifyContrast(problem, point.contrasts[j]!, j);
    sum += (k - 1) * ofCluster.bound;
    if (ofCluster.isZero !== true) rankBound += k - 1;
    if (ofCluster.isZero === false) leastRank += k - 1;
    return ofCluster.isZero;
  });
  const bound = roundDown(sum, J + 3) + mean.bound;
  return {
    lowerBound: roundDown(Math.max(0, bound - gamma(2) * (sum + Math.abs(mean.bound))) / total, 2),
    collapsed,
    // All that a single cluster's mean block could be a free bias does.
    meanCollapsed: J === 1 && problem.lambdaB === 0 ? null : mean.isZero,
    leastRank,
    rankBound,
  };
}

/** What is proved of a block of Y: at most N times its part of the optimum, and whether the block is zero. */
interface BlockProof {
  readonly bound: number;
  readonly isZero: boolean | null;
}

/** Of a direction of a contrast, where Y is the one number y and T S is x: g = -min(N lambda, x) is a dual point. */
export function certifyContrast(
  { contrasts, relativeError, lowerThreshold, upperThreshold }: SquaredErrorProblem,
  y: number,
  j: number,
): BlockProof {
  const x = contrasts[j]!;
  const cut = Math.min(lowerThreshold, x);
  const error = roundUp(x * relativeError, 1);
  // x - cut/2 is at least a third of the sum of both, so that three roundings count for one.
  const bound = roundDown(cut * Math.max(0, x - error - cut / 2), 12);
  const distance = roundUp(Math.abs(y - x + cut) + error, 3) + gamma(3) * (y + x + cut);
  const slack = roundUp(y * Math.max(0, upperThreshold - cut), 3) + gamma(2) * y * upperThreshold;
  const radius = radiusOf(distance, slack);
  if (roundUp(cut + radius, 2) < lowerThreshold) return { bound, isZero: true };
  // A contrast of zero would have a dual optimum of -x, as far from the point's as x is above the cut.
  const apart = x - cut - gamma(2) * x - error;
  return { bound, isZero: apart > radius ? false : null };
}

/** At least the distance of G from G*, from |Y + b s' - T S - G| and N lambda |Y|_* + <G, Y>. */
function radiusOf(distance: number, slack: number): number {
  return roundUp(Math.sqrt(roundUp(distance * distance + 2 * slack, 4)), 1);
}

function certifyMean(
  problem: SquaredErrorProblem,
  point: Point,
): BlockProof & { readonly rankBound: number } {
  const { clusterCount: J, lowerThreshold, lambdaB } = problem;
  const G = dualOfMean(problem, point);
  const V = point.mean.decomposition.right;
  const { values } = singularValueBounds(G, G, J, 0, V);
  const theta = values[0]! <= lowerThreshold ? 1 : roundDown(lowerThreshold / values[0]!, 1);
  const scaled = G.map((entry) => theta * entry);
  const bound = boundOfMean(problem, scaled);
  const radius = radiusOfMean(problem, point, scaled);
  const isFree = lambdaB === 0;
  // s is a right singular vector of a free bias's block, with the value zero.
  const mostRank = isFree ? J - 1 : J;
  let rankBound = 0;
  while (rankBound < mostRank && !(roundUp(values[rankBound]! + radius, 2) < lowerThreshold)) {
    rankBound++;
  }
  if (rankBound === 0) return { bound, rankBound, isZero: true };
  return { bound, rankBound, isZero: meanIsThere(problem, scaled, radius) ? false : null };
}

/**
 * -U min(S, N lambda) V', from the decomposition U S V' of what Y is to approximate: as accurate as it is small. With a free
 * bias the last singular value, that of s, is zero but for rounding.
 */
function dualOfMean(
  { clusterCount: J, lowerThreshold, lambdaB }: SquaredErrorProblem,
  { mean: { decomposition } }: Point,
): Float64Array {
  const { values, left, right } = decomposition;
  const G = new Float64Array(J * J);
  const rank = lambdaB === 0 ? J - 1 : J;
  for (let r = 0; r < rank; r++) {
    const cut = Math.min(lowerThreshold, values[r]!);
    for (let i = 0; i < J; i++) {
      for (let c = 0; c < J; c++) G[i * J + c]! -= cut * left[r * J + i]! * right[r * J + c]!;
    }
  }
  return G;
}

/**
 * At most N D of a mean block whose numbers are within two roundings of a feasible one's. With a free bias the product with
 * T S (I - s s'/N) is that of G (I - s s'/N) with T S, and the square is no larger.
 */
function boundOfMean(problem: SquaredErrorProblem, G: Float64Array): number {
  const { mean, relativeError } = problem;
  let inner = 0;
  let magnitude = 0;
  let squares = 0;
  for (let at = 0; at < G.length; at++) {
    inner -= G[at]! * mean[at]!;
    magnitude += Math.abs(G[at]! * mean[at]!);
    squares += G[at]! * G[at]!;
  }
  const half = roundUp(squares / 2, G.length + 6);
  const error = roundUp(magnitude * (relativeError + gamma(G.length + 6)), G.length + 4);
  return inner - half - error - gamma(6) * (magnitude + half);
}

/** At least |G s| for each row. */
function residualOf({ clusterCount: J, s }: SquaredErrorProblem, G: Float64Array): Float64Array {
  const residual = new Float64Array(J);
  for (let i = 0; i < J; i++) {
    let sum = 0;
    let magnitude = 0;
    for (let c = 0; c < J; c++) {
      sum += G[i * J + c]! * s[c]!;
      magnitude += Math.abs(G[i * J + c]! * s[c]!);
    }
    residual[i] = roundUp(Math.abs(sum) + gamma(J + 6) * magnitude, J + 6);
  }
  return residual;
}

/** At least the distance of the mean block's dual point, as it stands, from the optimal one. */
function radiusOfMean(problem: SquaredErrorProblem, point: Point, G: Float64Array): number {
  const { clusterCount: J, total, mean, relativeError, upperThreshold, lambdaB } = problem;
  const Y = point.mean.value;
  let squares = 0;
  let inner = 0;
  let magnitude = 0;
  for (let at = 0; at < G.length; at++) {
    const [y, x, g] = [Y[at]!, mean[at]!, G[at]!];
    const error =
      relativeError * Math.abs(x) + gamma(4) * (Math.abs(y) + Math.abs(x) + Math.abs(g));
    const distance = Math.abs(y - x - g) + error;
    squares += distance * distance;
    inner += g * y;
    magnitude += Math.abs(g * y);
  }
  const { nuclearNorm } = singularValueBounds(Y, Y, J, 0, point.mean.decomposition.right);
  const cost = roundUp(upperThreshold * nuclearNorm, 1);
  let slack = Math.max(0, cost + inner) + gamma(G.length + 6) * (cost + magnitude);
  if (lambdaB === 0) {
    const [ofG, ofY] = [residualOf(problem, G), residualOf(problem, Y)];
    for (let i = 0; i < J; i++) slack += (ofG[i]! * ofY[i]!) / total;
  }
  return radiusOf(Math.sqrt(roundUp(squares, G.length + 8)), roundUp(slack, G.length + 8));
}

/** Whether the optimal mean block is not zero: it would have minus what it is to approximate as its dual point. */
function meanIsThere(problem: SquaredErrorProblem, G: Float64Array, radius: number): boolean {
  const { total, mean, relativeError, lambdaB } = problem;
  let squares = 0;
  for (let at = 0; at < G.length; at++) {
    const [x, g] = [mean[at]!, G[at]!];
    const error = relativeError * Math.abs(x) + gamma(4) * (Math.abs(x) + Math.abs(g));
    const distance = Math.max(0, Math.abs(g + x) - error);
    squares += distance * distance;
  }
  const apart = roundDown(Math.sqrt(roundDown(squares, G.length + 8)), 1);
  if (lambdaB !== 0) return apart > radius;
  const residual = residualOf(problem, G).reduce((sum, r) => sum + r, 0);
  return apart > roundUp(radius + residual / Math.sqrt(total), G.length);
}
