import type { BlockLogits } from '../blocks.js';
import { objectiveOfBlocks } from '../objective.js';
import type { ConvexProblem } from '../problem.js';
import { leadAlone } from './alone.js';
import { contrastIsFree } from './contrast-is-free.js';

/**
 * The better of two starts that are right where the regularization is weak: each class leads by what it would if all had
 * its weight in the loss, diag(delta) Z = (I - p 1') diag(lead). Without a bias p is the same for all classes; where a bias
 * costs nothing it takes over what all columns have in common, p is the share in the loss and b is in proportion to it, less
 * what is added to the logits anyway.
 */
export function informedStart(problem: ConvexProblem): BlockLogits {
  const { classCount: K, classes, masses, totalMass, lambdaB, logitScales, logitShifts } = problem;
  const leads = classes.map((_, c) => leadAlone(problem, c));
  const most = leads.reduce((a, b) => Math.max(a, b));
  const without = blocksAlong(
    problem,
    leads,
    classes.map(() => 1 / K),
  );
  if (lambdaB === null) return without;
  const shares = masses.map((mass) => mass / totalMass);
  const biased = {
    ...blocksAlong(problem, leads, shares),
    bias: shares.map((share, i) => most * (share - 1 / K) - logitShifts[i]! / logitScales[i]!),
  };
  const unbiased = { ...without, bias: new Float64Array(classes.length) };
  const [F, ofBiased] = [unbiased, biased].map((blocks) => objectiveOfBlocks(problem, blocks));
  return ofBiased! < F! ? biased : unbiased;
}

/** The blocks of diag(1/delta) (I - p 1') diag(delta s). */
function blocksAlong(problem: ConvexProblem, s: Float64Array, p: Float64Array): BlockLogits {
  const { clusterCount: J, classes, logitScales } = problem;
  const mean = new Float64Array(J * J);
  for (let i = 0; i < J; i++) {
    for (let c = 0; c < J; c++) {
      const lead = (logitScales[c]! * s[c]!) / logitScales[i]!;
      mean[i * J + c] = lead * ((i === c ? 1 / classes[c]! : 0) - p[i]!);
    }
  }
  const contrast = s.map((lead, c) => (contrastIsFree(problem, c) ? lead : 0));
  return { contrast, mean, bias: null };
}
