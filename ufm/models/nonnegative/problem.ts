import type { Instance } from '../../../study/instance.js';
import { convexProblem, pullOf, type ConvexProblem } from '../../problem.js';

/**
 * Cross entropy with features that are not negative, H >= 0, as a ReLU leaves them (Dang et al., arXiv:2401.02058). The cost
 * of Y = Z diag(s) is the gauge Omega(Y) = inf sum_i |w_i| |h_i| over Y = sum_i w_i h_i', h_i >= 0, in the nuclear norm's
 * place; for every P
 *
 *     F >= D(P)    where |A(P) h| <= lambda |h| for all h >= 0,
 *
 * which a matrix with no negative entry tells: lambda^2 >= the largest eigenvalue of (A'A)^+, A'A without its negative
 * entries off the diagonal. With a feature of its own for every class Omega(Y) <= sum_k |y_k|, so that the group lasso
 *
 *     min over Z, b:  sum_k c_k CE(z_k + b, e_k) + lambda sum_k s_k |z_k| + lambdaB/2 |b|^2
 *
 * is above F, and is F where A'A has no positive entry off its diagonal at the optimum; so it is without a bias.
 */
export interface NonnegativeProblem extends ConvexProblem {
  /** lambda s_j / c_j: a class's feature is zero where the length of p - e is below this. */
  readonly prices: Float64Array;
}

/** The problem of an instance with any bias. */
export function nonnegativeProblem(instance: Instance): NonnegativeProblem {
  const problem = convexProblem(instance);
  const prices = problem.classes.map((_, j) => problem.lambda / pullOf(problem, j));
  return { ...problem, prices };
}
