import type { Problem } from '../../study/instance.js';
import { dualPoint } from '../../ufm/certificate/dual-point.js';
import { normOfResidual } from '../../ufm/certificate/feasible-point.js';
import { solveExact } from '../../ufm/exact/solve.js';
import { emptyPredictions, predict } from '../../ufm/predictions.js';
import { convexProblem, pullOf } from '../../ufm/problem.js';

/** A lambda this many times above everything that pulls leaves nothing but the bias. */
const FAR_ABOVE = 1e3;

/**
 * The lambda from which on nothing is left of Z, whatever the profile: |A(P0)|_2 with P0 the predictions of the optimal bias
 * alone. There Z = 0 has a residual within the dual ball, and below it has not.
 */
export function totalCollapse(problem: Problem, lambdaB: number | null): number {
  const ofLambda = (lambda: number) => ({ ...problem, lambdaW: lambda, lambdaH: lambda, lambdaB });
  const convex = convexProblem(ofLambda(1));
  const J = convex.clusterCount;
  const most = convex.classes.reduce((pull, _, j) => Math.max(pull, pullOf(convex, j)), 0);
  const { blocks } = solveExact({
    ...ofLambda(FAR_ABOVE * most),
    featureDimension: convex.classCount,
    form: 'class-means',
    solver: 'exact',
    tolerance: 1e-9,
    polish: false,
    seed: null,
  });
  const predictions = emptyPredictions(J);
  predict(convex, blocks, predictions);
  return normOfResidual(convex, dualPoint(convex, predictions)).norm;
}
