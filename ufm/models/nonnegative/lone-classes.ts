import { lowerLambda, upperLambda } from '../../certificate/lambda.js';
import { roundDown, roundUp, UNDERFLOW } from '../../certificate/rounding.js';
import { pullOf } from '../../problem.js';
import { crossEntropyAbove, entropyBelow, leads, optimalWrong } from '../symmetric-prediction.js';
import type { Aliveness } from './aliveness.js';
import type { NonnegativeProblem } from './problem.js';

/**
 * Without a bias each class is alone. It leads each other one by t, and is wrong with the probability
 *
 *     x = lambda s/c sqrt((K - 1)/K),    t = log((K - 1) (1/x - 1)),    or t = 0 where x would be above 1 - 1/K
 */
export function leadOf({ prices, classCount: K }: NonnegativeProblem, c: number): number {
  const x = prices[c]! * Math.sqrt((K - 1) / K);
  return x < 1 - 1 / K ? Math.max(0, Math.log((K - 1) * (1 / x - 1))) : 0;
}

/** What is proved of a problem without a bias. */
export interface LoneProof {
  readonly lowerBound: number;
  readonly states: readonly Aliveness[];
}

/**
 * What is proved of classes that are alone, from the leads at which a solver ended. D's part of class k is c_k H(p_k), and
 * where p gives 1 - x to the own class and the others share x alike, |A(P) e_k| is x sqrt(K/(K - 1)) c_k/s_k. Any two columns
 * of such an A have a negative product, so that |A(P) h| <= lambda |h| for h >= 0 as soon as it holds for each class.
 */
export function proveLoneClasses(problem: NonnegativeProblem, solution: Float64Array): LoneProof {
  const { clusterCount: J, weights, roundings } = problem;
  const proofs = Array.from(solution, (lead, c) => proofOfClass(problem, lead, c));
  const sum = proofs.reduce((all, { bound }, c) => all + weights[c]! * bound, 0);
  return {
    lowerBound: roundDown(sum, J + 3 + roundings),
    states: proofs.map(({ isAlive }) => isAlive),
  };
}

/** At most the class's share of the optimum, in units of c_k, and whether its feature is zero there. */
export function proofOfClass(
  problem: NonnegativeProblem,
  lead: number,
  c: number,
): { readonly x: number; readonly bound: number; readonly isAlive: Aliveness } {
  const { classCount: K, roundings } = problem;
  const pull = pullOf(problem, c);
  const spread = Math.sqrt(K / (K - 1));
  const operations = 8 + 2 * roundings;
  const most = roundDown(lowerLambda(problem) / pull / spread, operations);
  const x = Math.min(most, 1 - 1 / K);
  const bound = entropyBelow(x, K);
  const cost = roundUp((upperLambda(problem) / pull) * (lead / spread), operations);
  const gap = roundUp(Math.max(0, crossEntropyAbove(lead, K) + cost - bound), 3) + UNDERFLOW;
  const optimal = optimalWrong(x, gap);
  // A feature of zero predicts all classes alike.
  if (leads(optimal, K)) return { x, bound, isAlive: true };
  const norm = roundUp(optimal.high * spread * pull, operations);
  return { x, bound, isAlive: norm < lowerLambda(problem) ? false : null };
}
