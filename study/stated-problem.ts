import { canonicalClusters, canonicalProblem } from './canonical.js';
import type { Problem } from './instance.js';
import type { Model } from './model.js';
import { statedProfile } from './profile.js';
import { statedRemedies } from './stated-remedies.js';
import type { Coordinates, NormBounds } from './study.js';

/**
 * The problem that coordinates state, canonical.
 *
 * @throws ImpossibleInstance when the profile is none, or a list or a formula does not fit it.
 */
export function statedProblem(coordinates: Coordinates): Problem {
  const clusters = statedProfile(coordinates);
  const aside = { ...statedModel(coordinates), ...statedRemedies(coordinates, clusters) };
  // Most problems are plain, and a million of them pass through here.
  if (Object.keys(aside).length === 0) return { clusters: canonicalClusters(clusters) };
  return canonicalProblem({ clusters, ...aside });
}

/** Without what is as in the plain model. */
function statedModel({ loss, features, classifier, normBounds }: Coordinates): Model {
  const bounds = normBounds as NormBounds | undefined;
  return {
    ...(loss === 'squared-error' && { loss }),
    ...(features === 'nonnegative' && { features }),
    ...(classifier === 'fixed-etf' && { classifier }),
    ...(bounds !== undefined && { boundW: bounds.w, boundH: bounds.h }),
  };
}
