import type { Instance } from '../../study/instance.js';
import { averageOverClusters } from '../../ufm/blocks.js';
import { certify } from '../../ufm/certificate.js';
import type { Point } from './requests.js';

/** Room for the rounding of a peer's objective: below the bound by more than this, relative, and it is wrong. */
const ROUNDING = 1e-12;

/**
 * The relative gap of a peer's objective to the bound that our certificate proves from its predictions: the same
 * judgement for every contender, after the clock has stopped.
 *
 * @throws when the objective is below a lower bound of the optimum, which no correct evaluation is.
 */
export function relativeGap(instance: Instance, { objective, logits }: Point): number {
  // The bound is one of predictions and does not ask how logits and bias share in them.
  const bias = instance.lambdaB === null ? null : new Float64Array(Math.sqrt(logits.length));
  const blocks = averageOverClusters(instance.clusters, Float64Array.from(logits), bias);
  const { lowerBound } = certify(instance, blocks);
  const gap = (objective - lowerBound) / objective;
  if (gap < -ROUNDING) {
    throw new Error(
      `an objective of ${objective} lies below the proven bound ${lowerBound} of ${JSON.stringify(instance)}`,
    );
  }
  return gap;
}
