import { pullOf, type ConvexProblem } from '../problem.js';
import type { FeasiblePoint } from './feasible-point.js';
import { lowerLambda, unitOf } from './lambda.js';
import { optimalPredictions, type OptimalPredictions } from './optimal-predictions.js';
import {
  ELEMENTARY_ERROR,
  gamma,
  roundDown,
  roundUp,
  UNIT_ROUNDOFF,
  type Interval,
} from './rounding.js';

/** What holds at every optimum of the convex problem; null where the gap leaves it open. */
export interface Decisions {
  /** Whether the contrast of each cluster is zero; null also for a cluster of one class, which has none. */
  readonly collapsed: readonly (boolean | null)[];
  /** Whether the mean block is zero; null also for a single cluster, whose mean block always is. */
  readonly meanCollapsed: boolean | null;
  /** The rank of the optimum that is symmetric inside clusters is at least this. */
  readonly leastRank: number;
  /** The rank of every optimum is at most this. */
  readonly rankBound: number;
}

/**
 * Decides what the gap allows.
 *
 * @param gap at least F* - D at the feasible point
 */
export function decide(problem: ConvexProblem, feasible: FeasiblePoint, gap: number): Decisions {
  const predictions = optimalPredictions(problem, feasible.point, gap);
  const meanRank = boundMeanRank(problem, feasible, predictions, gap);
  const collapsed: (boolean | null)[] = [];
  let leastRank = 0;
  let rankBound = meanRank;
  for (let cluster = 0; cluster < problem.clusterCount; cluster++) {
    const classes = problem.classes[cluster]!;
    const isZero = classes === 1 ? null : isCollapsed(problem, predictions, cluster);
    collapsed.push(isZero);
    if (isZero !== true) rankBound += classes - 1;
    if (isZero === false) leastRank += classes - 1;
  }
  const meanCollapsed = meanRank === 0 ? true : meanDiffers(problem, predictions) ? false : null;
  return {
    collapsed,
    meanCollapsed: problem.clusterCount === 1 ? null : meanCollapsed,
    leastRank: meanCollapsed === false ? leastRank + 1 : leastRank,
    rankBound,
  };
}

/**
 * A singular space of A(P*) where |A(P*)| < lambda is orthogonal to every optimal Y: strictly below lambda the contrast
 * is zero. A contrast of zero in turn predicts the own class as often as the others of its cluster, or exp(margin) times less.
 */
function isCollapsed(
  problem: ConvexProblem,
  predictions: OptimalPredictions,
  cluster: number,
): boolean | null {
  const odds = oddsOfMargin(problem.margins[cluster]!);
  if (predictions.contrast(cluster, odds).low > 0) return false;
  const { roundings } = problem;
  const residual = largestResidual(problem, predictions.contrast(cluster, ONE), cluster);
  const norm = roundUp(pullOf(problem, cluster) * residual, 4 + 2 * roundings);
  return norm < lowerLambda(problem) ? true : null;
}

/** At least |(t_own - t_same) - (own - same)|, where t_own - t_same is 1 - K t_other. */
function largestResidual(
  { classCount: K, otherTarget, roundings }: ConvexProblem,
  { low, high }: Interval,
  cluster: number,
): number {
  const target = K * otherTarget[cluster]!;
  if (target === 0) return 1 - low;
  const error = gamma(8 + roundings) * (2 + target);
  return Math.max(1 - low - target, target - (1 - high)) + error;
}

const ONE: Interval = { low: 1, high: 1 };

/** exp(-margin): how often the own class is predicted for each time another is, where their logits are equal. */
function oddsOfMargin(margin: number): Interval {
  if (margin === 0) return ONE;
  const odds = Math.exp(-margin);
  return { low: roundDown(odds, 8), high: roundUp(odds, 8) };
}

/**
 * The number of singular values of A(P*)'s mean block that may reach lambda: the rank of every optimal mean block is at
 * most that. They differ from those at P by at most
 *
 *     |A(P) - A(P*)|_F <= max(delta) sqrt(gap max_k c_k/s_k^2),    since |p - p*|_2^2 <= KL
 *
 * For two clusters the block has rank one and its norm is a closed form of the two masses that go to the other cluster.
 */
function boundMeanRank(
  problem: ConvexProblem,
  { meanSingularValues }: FeasiblePoint,
  predictions: OptimalPredictions,
  gap: number,
): number {
  const { clusterCount: J, totalMass, massPerScale, logitScales, roundings } = problem;
  if (J === 1) return 0;
  const unit = unitOf(problem);
  const lambda = unit * lowerLambda(problem);
  if (J === 2 && normOfTwo(problem, predictions, unit) < lambda) return 0;
  const most = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b));
  const pull = most(logitScales) * Math.sqrt(most(massPerScale));
  const radius = pull * ((unit * Math.sqrt(gap)) / Math.sqrt(totalMass));
  const operations = 5 + roundings;
  let reaching = 0;
  while (reaching < J && !(roundUp(meanSingularValues[reaching]! + radius, operations) < lambda)) {
    reaching++;
  }
  // The columns of P - T sum to zero, so that one singular value of the mean block always is zero.
  return Math.min(reaching, J - 1);
}

/** The norm of A(P*)'s mean block, times `unit`; underflows are counted before the root. */
function normOfTwo(problem: ConvexProblem, predictions: OptimalPredictions, unit: number): number {
  const { classes, totalMass, massPerScale, squaredScales, roundings } = problem;
  const { logitScales, otherTarget } = problem;
  const square = (a: number, c: number) => {
    const { low, high } = predictions.mass(a, c);
    const target = classes[a]! * otherTarget[c]!;
    const error = target * gamma(4 + roundings);
    const excess = unit * Math.max(high - target + error, target + error - low);
    const [ofA, ofC] = [logitScales[a]! * logitScales[a]!, logitScales[c]! * logitScales[c]!];
    const squaredPull = massPerScale[c]! * massPerScale[c]! * squaredScales[c]!;
    return excess * excess * (ofC + (ofA * classes[c]!) / classes[a]!) * squaredPull;
  };
  const squares = roundUp(square(0, 1) + square(1, 0), 6 + 3 * roundings);
  return roundUp(Math.sqrt(squares) / totalMass, 2);
}

/**
 * Whether some two clusters' samples are told apart by their means. With a mean block of zero (up to what changes no
 * prediction) the mean log odds of cluster a against cluster c are those of their biases and shifts for samples of a and of
 * c alike, but for the margins that each takes off its own class.
 */
function meanDiffers(problem: ConvexProblem, predictions: OptimalPredictions): boolean {
  const { clusterCount: J, classes, margins } = problem;
  for (let a = 0; a < J; a++) {
    for (let c = a + 1; c < J; c++) {
      const atA = logarithm(predictions.other(c, a));
      const atC = logarithm(predictions.other(a, c));
      const ownA = meanLogarithm(problem, predictions, a);
      const ownC = meanLogarithm(problem, predictions, c);
      const ofMargins = margins[a]! / classes[a]! + margins[c]! / classes[c]!;
      const sum = ownA.low - atA.high + (ownC.low - atC.high) + ofMargins;
      const magnitude =
        Math.abs(ownA.low) + Math.abs(atA.high) + Math.abs(ownC.low) + Math.abs(atC.high);
      if (sum > (magnitude + ofMargins) * gamma(8)) return true;
    }
  }
  return false;
}

/** The mean of ln p over the classes of a sample's own cluster. */
function meanLogarithm(
  { classes }: ConvexProblem,
  predictions: OptimalPredictions,
  cluster: number,
): Interval {
  const k = classes[cluster]!;
  const own = logarithm(predictions.own(cluster));
  if (k === 1) return own;
  const same = logarithm(predictions.other(cluster, cluster));
  const low = own.low / k + (same.low * (k - 1)) / k;
  const high = own.high / k + (same.high * (k - 1)) / k;
  return { low: low - Math.abs(low) * gamma(8), high: high + Math.abs(high) * gamma(8) };
}

function logarithm({ low, high }: Interval): Interval {
  const bottom = Math.log(low);
  const top = Math.log(high);
  const relativeError = ELEMENTARY_ERROR + 2 * UNIT_ROUNDOFF;
  return {
    low: bottom - Math.abs(bottom) * relativeError,
    high: top + Math.abs(top) * relativeError,
  };
}
