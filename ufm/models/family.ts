import type { Instance } from '../../study/instance.js';
import { reasonForGap } from '../exact/reason-for-gap.js';
import { solveExact } from '../exact/solve.js';
import { geometryOfBlocks } from '../geometry.js';
import { featuresForRank, type Solved } from './solved.js';

/** The family of cross entropies under penalties, by the exact solver. */
export function solveFamily(instance: Instance): Solved {
  const solved = solveExact(instance);
  const { objective, certificate, iterations } = solved;
  const geometry = geometryOfBlocks(instance, solved.blocks);
  return {
    objective,
    certificate,
    geometry,
    iterations,
    features: featuresForRank(geometry, certificate),
    reasonForGap: reasonForGap(instance, solved),
  };
}
