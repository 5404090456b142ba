import type { Instance } from '../../../study/instance.js';
import { convexProblem, type ConvexProblem } from '../../problem.js';
import { gapLeft } from '../gap-left.js';
import { increasingRoot } from '../increasing-root.js';
import type { Solved } from '../solved.js';
import { wrongAt } from '../symmetric-prediction.js';
import { certifyFixedEtf } from './certificate.js';
import { geometryOfFixedEtf } from './geometry.js';

const ROUNDED = 'float64 carries no more. Use a larger tolerance or a smaller lambdaH.';

/**
 * The classifier that is a simplex ETF and is not learned, W = sqrt(K/(K-1)) (I - 1 1'/K) (Yang et al., arXiv:2203.09081),
 * with features of class means and no bias:
 *
 *     min over H:  F = sum_k c_k CE(W h_k, e_k) + lambdaH/2 sum_k s_k^2 |h_k|^2
 *
 * F is a sum over the classes. A feature is along its own row of W, and the own class leads every other one by u,
 *
 *     u = beta K / (e^u + K - 1),    beta = K / ((K - 1) kappa),    kappa = lambdaH s_k^2 / c_k = lambdaH N / r_k
 *
 * where r_k is 1 without class weights: n_k cancels, and u > 0 at every lambdaH. W takes K - 1 features at least, and
 * lambdaW has no part in it.
 */
export function solveFixedEtf(instance: Instance): Solved {
  const problem = convexProblem(instance);
  const K = problem.classCount;
  const prices = problem.massPerScale.map((r) => (instance.lambdaH * problem.totalMass) / r);
  const solution = prices.map((kappa) => leadUnder(kappa, K));
  const objective = objectiveAt(problem, prices, solution);
  const certificate = certifyFixedEtf(problem, prices, solution);
  return {
    objective,
    certificate,
    geometry: geometryOfFixedEtf(instance, solution),
    iterations: 0,
    features: { least: K - 1, enough: K - 1 },
    reasonForGap: gapLeft(instance, objective, certificate.lowerBound, ROUNDED),
  };
}

/** u of the class whose feature's price is kappa: of log u + log(e^u + K - 1) = log(beta K). */
export function leadUnder(kappa: number, K: number): number {
  const beta = K / (K - 1) / kappa;
  const goal = Math.log(beta) + Math.log(K);
  const most = Math.min(beta, Math.max(1, goal));
  return increasingRoot(
    (u) => ({
      value: Math.log(u) + u + Math.log1p((K - 1) * Math.exp(-u)) - goal,
      slope: 1 / u + 1 - wrongAt(u, K),
    }),
    0,
    most,
    most,
  );
}

function objectiveAt(
  { clusterCount: J, classCount: K, weights }: ConvexProblem,
  prices: Float64Array,
  solution: Float64Array,
): number {
  let value = 0;
  for (let c = 0; c < J; c++) {
    const length = (solution[c]! * (K - 1)) / K;
    const loss = Math.log1p((K - 1) * Math.exp(-solution[c]!));
    value += weights[c]! * (loss + (prices[c]! / 2) * length * length);
  }
  return value;
}
