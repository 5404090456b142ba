import type { Instance } from '../../../study/instance.js';
import { geometryOfBlocks } from '../../geometry.js';
import { gapLeft } from '../gap-left.js';
import { featuresForRank, type Solved } from '../solved.js';
import { certifySquaredError } from './certificate.js';
import { blocksOf, closedForm, objectiveAt } from './closed-form.js';
import { squaredErrorProblem } from './problem.js';

const ROUNDED = 'float64 carries no more. Use a larger tolerance or a larger lambda.';

/**
 * Squared error in closed form: Y is T S, or what a free bias leaves of it, with its singular values less N lambda
 * (derived as by Tirer & Bruna, arXiv:2202.08087, for balanced classes; here for any).
 */
export function solveSquaredError(instance: Instance): Solved {
  const problem = squaredErrorProblem(instance);
  const point = closedForm(problem);
  const certificate = certifySquaredError(problem, point);
  const geometry = geometryOfBlocks(instance, blocksOf(problem, point));
  const objective = objectiveAt(problem, point);
  return {
    objective,
    certificate,
    geometry,
    iterations: 0,
    features: featuresForRank(geometry, certificate),
    reasonForGap: gapLeft(instance, objective, certificate.lowerBound, ROUNDED),
  };
}
