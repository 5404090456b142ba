import type { Certificate } from '../../certificate.js';
import { roundDown, roundUp, UNDERFLOW } from '../../certificate/rounding.js';
import type { ConvexProblem } from '../../problem.js';
import {
  crossEntropyAbove,
  entropyBelow,
  leads,
  optimalWrong,
  wrongAt,
} from '../symmetric-prediction.js';

/** Roundings of a price, lambdaH N / r, beyond those of r. */
const OF_PRICE = 2;

/**
 * What is proved of a fixed classifier, from the leads at which a solver ended. For every column-stochastic P
 *
 *     F >= D(P) = sum_k c_k (H(p_k) - |W'(p_k - e_k)|^2 / (2 kappa_k))
 *
 * and |W'(p - e)|^2 = (x K/(K - 1))^2 where p gives 1 - x to the own class and the others share x alike. Nothing has to be
 * scaled: any x does. Both F and D are sums over the classes, so that each class's own gap decides on it.
 */
export function certifyFixedEtf(
  problem: ConvexProblem,
  prices: Float64Array,
  solution: Float64Array,
): Certificate {
  const { clusterCount: J, classCount: K, classes, weights, roundings } = problem;
  const proofs = Array.from(solution, (lead, c) => proofOfClass(lead, prices[c]!, K, roundings));
  const bounds = proofs.map(({ bound }, c) => weights[c]! * Math.max(0, bound));
  const areLed = proofs.map(({ x, gap }) => leads(optimalWrong(x, gap), K));
  return {
    lowerBound: roundDown(
      bounds.reduce((sum, bound) => sum + bound, 0),
      J + 3 + roundings,
    ),
    collapsed: areLed.map((isLed, c) => (isLed && classes[c]! > 1 ? false : null)),
    meanCollapsed: J > 1 && areLed.some(Boolean) ? false : null,
    leastRank: K - 1,
    rankBound: K - 1,
  };
}

/** The class's dual point, at most its share of D, and at least what that is below its optimum; all in units of c_k. */
export function proofOfClass(lead: number, kappa: number, K: number, roundings: number) {
  const x = Math.min(wrongAt(lead, K), 1 - 1 / K);
  const entropy = entropyBelow(x, K);
  const scaled = (x * K) / (K - 1);
  const price = roundUp(((scaled / kappa) * scaled) / 2, 8 + OF_PRICE + roundings);
  const bound = entropy - price - (entropy + price) * 2 ** -52;
  const length = (lead * (K - 1)) / K;
  const cost = roundUp((kappa * length * length) / 2, 8 + OF_PRICE + roundings);
  const objective = crossEntropyAbove(lead, K) + cost;
  return { x, bound, gap: roundUp(Math.max(0, objective - bound), 3) + UNDERFLOW };
}
