import type { Instance } from '../../../study/instance.js';
import type { BlockLogits } from '../../blocks.js';
import { geometryOfBlocks, type Geometry } from '../../geometry.js';
import { lengthOfColumn } from './group-lasso.js';
import type { NonnegativeProblem } from './problem.js';

/**
 * The geometry of the factors that give each class a feature of its own, h_k along e_k: with r = sqrt(lambdaH/lambdaW),
 *
 *     W W' = r sum_k s_k z_k z_k' / |z_k|,    |h_k|^2 = |z_k| / (r s_k)
 *
 * so that features of different classes are orthogonal, or zero.
 */
export function geometryOfLasso(
  instance: Instance,
  problem: NonnegativeProblem,
  blocks: BlockLogits,
): Geometry {
  const { clusterCount: J, classes, squaredScales } = problem;
  const { contrast, mean } = blocks;
  const ratio = Math.sqrt(instance.lambdaH / instance.lambdaW);
  const lengths = classes.map((_, c) => lengthOfColumn(problem, blocks, c));
  const pulls = lengths.map((length, c) =>
    length === 0 ? 0 : (ratio * Math.sqrt(squaredScales[c]!)) / length,
  );
  const ofRows = new Float64Array(J * J);
  for (let a = 0; a < J; a++) {
    for (let b = 0; b < J; b++) {
      for (let c = 0; c < J; c++) {
        ofRows[a * J + b]! += pulls[c]! * classes[c]! * mean[a * J + c]! * mean[b * J + c]!;
      }
    }
  }
  const squares = lengths.map((length, c) => length / (ratio * Math.sqrt(squaredScales[c]!)));
  const ofFeatures = new Float64Array(J * J);
  for (let c = 0; c < J; c++) ofFeatures[c * (J + 1)] = squares[c]! / classes[c]!;
  return geometryOfBlocks(instance, blocks, {
    W: {
      classes,
      within: pulls.map((pull, c) => pull * contrast[c]! * contrast[c]!),
      between: ofRows,
    },
    H: { classes, within: squares, between: ofFeatures },
  });
}
