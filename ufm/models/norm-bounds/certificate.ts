import type { BlockLogits } from '../../blocks.js';
import { undecided, type Certificate } from '../../certificate.js';
import { decide } from '../../certificate/decisions.js';
import { dualLowerBound } from '../../certificate/dual-bound.js';
import { dualPoint } from '../../certificate/dual-point.js';
import { normOfResidual } from '../../certificate/feasible-point.js';
import { optimalPredictions } from '../../certificate/optimal-predictions.js';
import { primalUpperBound } from '../../certificate/primal-bound.js';
import { gamma, roundUp } from '../../certificate/rounding.js';
import { singularValues } from '../../linear-algebra/singular-values.js';
import { meanBlock } from '../../objective.js';
import { emptyPredictions, predict } from '../../predictions.js';
import { multiplierBelow } from './multiplier.js';
import { ROUNDINGS_OF_RADIUS, type BoundedProblem } from './problem.js';

const LEAST_MULTIPLIER = 2 ** -300;

/**
 * What is proved under norm bounds, from any blocks with |Z|_* <= R. For every column-stochastic P
 *
 *     F >= D(P) = sum_k c_k H(p_k) - R |A(P)|_2,    A(P) = (P - I) diag(c)
 *
 * and nothing has to be scaled. The multiplier of the bound is |A(P*)|_2 at the dual optimum P*; with it in lambda's place the
 * family's decisions hold: a singular space of A(P*) where |A(P*)| is less is orthogonal to every optimal Z.
 */
export function certifyBounded(problem: BoundedProblem, blocks: BlockLogits): Certificate {
  const { clusterCount: J, radius } = problem;
  const predictions = emptyPredictions(J);
  predict(problem, blocks, predictions);
  const { left, right } = singularValues(meanBlock(problem, blocks), J, blocks.basis);
  const point = dualPoint(problem, predictions);
  // A lambda of one has norms in the unit of one.
  const norms = normOfResidual({ ...problem, lambda: 1 }, point, right);
  const cost = roundUp(radius * norms.norm, ROUNDINGS_OF_RADIUS + 1);
  const entropy = dualLowerBound(problem, point);
  const bound = entropy - cost - gamma(2) * (Math.abs(entropy) + cost);
  const gap = roundUp(primalUpperBound(problem, blocks, predictions, right) - bound, 1);
  if (!Number.isFinite(gap)) return undecided(problem);
  const optimal = optimalPredictions(problem, point, gap);
  const multiplier = multiplierBelow(problem, optimal, left.subarray(0, J), right.subarray(0, J));
  // Below this the norms would have to be had in the unit of so small a lambda.
  const lambda = multiplier < LEAST_MULTIPLIER ? 0 : multiplier;
  const meanSingularValues = norms.meanSingularValues.map((value) => roundUp(value, 2));
  const feasible = { point, theta: 1, meanSingularValues };
  return {
    lowerBound: Math.max(0, bound),
    ...decide({ ...problem, lambda }, feasible, gap),
  };
}
