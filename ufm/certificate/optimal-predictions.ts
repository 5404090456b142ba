import type { ConvexProblem } from '../problem.js';
import { divergenceBall } from './divergence-ball.js';
import type { DualPoint } from './dual-point.js';
import { gamma, roundDown, roundUp, UNDERFLOW, type Interval } from './rounding.js';

/**
 * What a gap leaves open of the optimum's predictions P*. -D is the negative entropy plus a convex function and P* is its
 * minimiser over a convex set, so for every feasible P the Bregman divergence of the negative entropy is at most the gap:
 *
 *     sum_k c_k KL(p_k || p*_k) <= D(P*) - D(P) = F* - D(P) <= gap
 *
 * The k_j columns of cluster j share it: KL(p_j || p*_j) <= gap / w_j with its weight w_j = k_j c_j. By the data processing
 * inequality this bounds the binary divergence of every event, and by the chain rule that of a class within a group.
 */
export interface OptimalPredictions {
  /** Probability of all classes of cluster a together for a sample of cluster c. */
  mass(a: number, c: number): Interval;
  /** Probability of the sample's own class, and of any one other class of cluster a. */
  own(c: number): Interval;
  other(a: number, c: number): Interval;
  /** own - odds same for a sample of cluster c, k_c >= 2, odds in (0, 1]: zero for certain only if [0, 0]. */
  contrast(c: number, odds: Interval): Interval;
}

export function optimalPredictions(
  problem: ConvexProblem,
  point: DualPoint,
  gap: number,
): OptimalPredictions {
  const { clusterCount: J, classes, masses, weights, roundings } = problem;
  const budget = (c: number) => roundUp(gap / weights[c]!, 2 + roundings);
  /** The point's probability of an event that adds up this entry in at most three operations. */
  const around = (value: number, correction: number): Interval => {
    const error = roundUp(value * (point.relativeError + gamma(3)) + correction, 8);
    return {
      low: roundDown(Math.max(0, value - error), 1),
      high: Math.min(1, roundUp(value + error, 1)),
    };
  };
  const correctionOf = (a: number, c: number) => classes[a]! * point.correction[a]! * masses[c]!;
  const same = (c: number) => point.other[c * J + c]!;

  const ownMass = (c: number) =>
    around(point.own[c]! + (classes[c]! - 1) * same(c), correctionOf(c, c));
  const mass = (a: number, c: number) =>
    divergenceBall(
      a === c ? ownMass(c) : around(classes[a]! * point.other[a * J + c]!, correctionOf(a, c)),
      budget(c),
    );
  const own = (c: number) => divergenceBall(around(point.own[c]!, correctionOf(c, c)), budget(c));

  return {
    mass,
    own,
    other: (a, c) => {
      const count = a === c ? classes[a]! - 1 : classes[a]!;
      const group = around(count * point.other[a * J + c]!, correctionOf(a, c));
      const { low, high } = divergenceBall(group, budget(c));
      return { low: roundDown(low / count, 1), high: roundUp(high / count, 1) };
    },
    contrast: (c, odds) => {
      const group = ownMass(c);
      if (group.low === 0) return { low: -1, high: 1 };
      const ownShare = around(point.own[c]!, correctionOf(c, c));
      const share = {
        low: roundDown(ownShare.low / group.high, 1),
        high: Math.min(1, roundUp(ownShare.high / group.low, 1)),
      };
      const { low, high } = divergenceBall(share, roundUp(budget(c) / group.low, 1));
      // With s the share and m the mass of the group, own - odds same = m (s (k - 1 + odds) - odds) / (k - 1).
      const k = classes[c]!;
      const operations = odds.low === 1 ? 1 : 2;
      const lead = {
        low: roundDown(low * (k - 1 + odds.high), operations) - odds.high,
        high: roundUp(high * (k - 1 + odds.low), operations) - odds.low,
      };
      const groupOfOptimum = mass(c, c);
      const lowest =
        (lead.low * (lead.low < 0 ? groupOfOptimum.high : groupOfOptimum.low)) / (k - 1);
      const highest =
        (lead.high * (lead.high < 0 ? groupOfOptimum.low : groupOfOptimum.high)) / (k - 1);
      return {
        low: lowest - Math.abs(lowest) * gamma(5) - UNDERFLOW,
        high: highest + Math.abs(highest) * gamma(5) + UNDERFLOW,
      };
    },
  };
}
