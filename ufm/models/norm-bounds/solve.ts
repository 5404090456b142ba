import type { Instance } from '../../../study/instance.js';
import type { BlockLogits } from '../../blocks.js';
import { geometryOfBlocks } from '../../geometry.js';
import { emptyPredictions, predict } from '../../predictions.js';
import { gapLeft } from '../gap-left.js';
import { featuresForRank, type Solved } from '../solved.js';
import { certifyBounded } from './certificate.js';
import { boundedProblem, unitPenalties, type BoundedProblem } from './problem.js';
import { searchMultiplier } from './search.js';

const FEW_ERRORS =
  'float64 carries no more where bounds leave next to nothing to be wrong. Use a larger tolerance or smaller bounds.';

/** What is known of an optimum under norm bounds. */
export interface SolvedUnderBounds extends Solved {
  /** mu >= 0: Z is a minimum of the loss + mu |Z|_* as well. */
  readonly multiplier: number;
}

/**
 * Norm bounds, by the multiplier at which the family's optimum, with s = 1 and lambda = mu, has |Z|_* = R. See `problem.ts`.
 */
export function solveNormBounds(instance: Instance): SolvedUnderBounds {
  const problem = boundedProblem(instance);
  const { blocks, multiplier, iterations } = searchMultiplier(instance, problem);
  const certificate = certifyBounded(problem, blocks);
  // The balanced factors are as long as the bounds allow: their lengths are to each other as those of penalties E_H and E_W.
  const geometry = geometryOfBlocks(
    {
      ...instance,
      featurePenalties: unitPenalties(instance),
      lambdaW: instance.boundH!,
      lambdaH: instance.boundW!,
    },
    blocks,
  );
  const objective = lossAt(problem, blocks);
  return {
    objective,
    certificate,
    geometry,
    multiplier,
    iterations,
    features: featuresForRank(geometry, certificate),
    reasonForGap: gapLeft(instance, objective, certificate.lowerBound, FEW_ERRORS),
  };
}

function lossAt(problem: BoundedProblem, blocks: BlockLogits): number {
  const { clusterCount: J, weights } = problem;
  const predictions = emptyPredictions(J);
  predict(problem, blocks, predictions);
  return predictions.loss.reduce((sum, loss, c) => sum + weights[c]! * loss, 0);
}
