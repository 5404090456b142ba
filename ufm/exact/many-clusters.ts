import type { BlockLogits } from '../blocks.js';
import { meanBlock } from '../objective.js';
import type { ConvexProblem } from '../problem.js';
import { zeroVariables, type BlockVariables } from './block-variables.js';
import { contrastIsFree } from './contrast-is-free.js';
import { SemismoothNewton, type Care } from './semismooth-newton.js';
import type { ExactSolution } from './solution.js';

/** Solves any number of clusters by semismooth Newton, from the blocks given or from a contrast of one logit each. */
export function solveManyClusters(
  problem: ConvexProblem,
  start: BlockLogits | null,
  care: Care,
): ExactSolution & { readonly hasConverged: boolean } {
  const solver = new SemismoothNewton(problem, variablesFrom(problem, start), care);
  solver.run();
  const { steps, hasConverged } = solver;
  return { blocks: blocksFrom(problem, solver), iterations: steps, hasConverged };
}

function variablesFrom(problem: ConvexProblem, blocks: BlockLogits | null): BlockVariables {
  const { classes, lambdaB } = problem;
  const variables = zeroVariables(problem.clusterCount);
  for (let j = 0; j < classes.length; j++) {
    variables.contrast[j] = contrastIsFree(problem, j) ? (blocks?.contrast[j] ?? 1) : 0;
    if (lambdaB !== null) variables.bias[j] = (blocks?.bias?.[j] ?? 0) * Math.sqrt(classes[j]!);
  }
  if (blocks !== null) variables.mean.set(meanBlock(problem, blocks));
  return variables;
}

function blocksFrom(problem: ConvexProblem, solver: SemismoothNewton): BlockLogits {
  const { mean, contrast, bias } = solver.point;
  const { clusterCount: J, classes, squaredScales, lambdaB } = problem;
  return {
    contrast: contrast.slice(),
    mean: mean.map((entry, at) => {
      const c = at % J;
      return (
        entry / Math.sqrt(classes[Math.floor(at / J)]!) / Math.sqrt(classes[c]! * squaredScales[c]!)
      );
    }),
    bias: lambdaB === null ? null : bias.map((b, i) => b / Math.sqrt(classes[i]!)),
    basis: solver.rightSingularVectors,
  };
}
