import type { BlockLogits } from '../blocks.js';
import { meanBlock } from '../objective.js';
import type { ConvexProblem } from '../problem.js';
import { zeroVariables, type BlockVariables } from './block-variables.js';
import { SemismoothNewton } from './semismooth-newton.js';
import type { ExactSolution } from './solution.js';

export function solveManyClusters(
  problem: ConvexProblem,
  start: BlockLogits | null,
): ExactSolution {
  const solver = new SemismoothNewton(
    problem,
    start === null ? coldStart(problem) : fromBlocks(problem, start),
  );
  solver.run();
  return { blocks: toBlocks(problem, solver.point), iterations: solver.steps };
}

function coldStart(problem: ConvexProblem): BlockVariables {
  const start = zeroVariables(problem.clusterCount);
  start.contrast.forEach((_, c) => {
    const collapses = !(problem.lambda < Math.sqrt(problem.samples[c]!) / problem.sampleCount);
    start.contrast[c] = problem.classes[c] === 1 || collapses ? 0 : 1;
  });
  return start;
}

function fromBlocks(problem: ConvexProblem, blocks: BlockLogits): BlockVariables {
  const { classes, samples, sampleCount, lambda, clusterCount, lambdaB } = problem;
  return {
    mean: meanBlock(problem, blocks),
    contrast: blocks.contrast.map((s, c) =>
      classes[c]! > 1 && lambda < Math.sqrt(samples[c]!) / sampleCount ? s : 0,
    ),
    bias:
      lambdaB === null || blocks.bias === null
        ? new Float64Array(clusterCount)
        : blocks.bias.map((b, i) => b * Math.sqrt(classes[i]!)),
  };
}

function toBlocks(problem: ConvexProblem, { mean, contrast, bias }: BlockVariables): BlockLogits {
  const { clusterCount: J, classes, samples, lambdaB } = problem;
  return {
    contrast,
    mean: mean.map((entry, at) => {
      const c = at % J;
      return entry / Math.sqrt(classes[Math.floor(at / J)]!) / Math.sqrt(classes[c]! * samples[c]!);
    }),
    bias: lambdaB === null ? null : bias.map((b, i) => b / Math.sqrt(classes[i]!)),
  };
}
