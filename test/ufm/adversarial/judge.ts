import type { Instance } from '../../../study/instance.js';
import { certify } from '../../../ufm/certificate.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { singularValues } from '../../../ufm/linear-algebra/singular-values.js';
import { meanBlock } from '../../../ufm/objective.js';
import { convexProblem } from '../../../ufm/problem.js';
import type { Solution } from '../../../ufm/solution.js';
import type { BlockLogits } from '../../../ufm/blocks.js';
import { Decimal, exact } from '../certificate/decimals.js';
import { objectiveOfFactors, trueProblem, type TrueProblem } from '../certificate/truth.js';
import { hasCollapsed, optimumOfTwo, optimumWithoutMean } from './optimum.js';

/** What is wrong with a solution, by 60 digits; and how much of it could be judged. */
export interface Verdict {
  readonly wrongBounds: readonly string[];
  readonly wrongFlags: readonly string[];
  /** Whether the optimum itself was found in 60 digits, rather than points next to it. */
  readonly knowsOptimum: boolean;
  /** Whether the mean block's flag was checked. */
  readonly knowsMean: boolean;
}

/** More clusters than this take 60 digits too long to search for the optimum without a mean block. */
const MOST_CLUSTERS = 5;

export function judge(instance: Instance, solution: Solution): Verdict {
  const truth = trueProblem(instance);
  const { blocks } = solveExact(instance);
  const certificate = certify({ ...instance, featureDimension: 10_000 }, blocks);
  const isFinite = [...blocks.contrast, ...blocks.mean, ...(blocks.bias ?? [])].every(
    Number.isFinite,
  );
  const withoutMean =
    isFinite && truth.J <= MOST_CLUSTERS ? optimumWithoutMean(truth, blocks) : null;
  const mean = truth.J === 1 ? null : (withoutMean?.isOptimal ?? null);
  const optimum = !isFinite
    ? null
    : mean === true || (truth.J === 1 && withoutMean !== null)
      ? withoutMean!.value
      : truth.J === 2 && mean === false
        ? optimumOfTwo(truth, blocks)
        : null;

  const wrongBounds: string[] = [];
  const values = isFinite ? feasibleValues(truth, instance, blocks) : [];
  if (optimum !== null) values.push(optimum);
  for (const bound of [certificate.lowerBound, solution.lowerBound ?? 0]) {
    const least = values.reduce<Decimal | null>((a, b) => (a === null || b.lt(a) ? b : a), null);
    if (bound < 0 || (least !== null && exact(bound).gt(least))) {
      wrongBounds.push(`bound ${bound} above ${String(least)}`);
    }
  }
  const { objective, status } = solution;
  if (status === 'certified' && optimum !== null) {
    const gap = exact(objective!).minus(optimum).div(exact(objective!));
    if (gap.gt(instance.tolerance)) wrongBounds.push(`certified ${gap.toString()} too high`);
  }

  const wrongFlags: string[] = [];
  const isWrong = (flag: boolean | null | undefined, fact: boolean) =>
    typeof flag === 'boolean' && flag !== fact;
  let rank = mean === false ? 1 : 0;
  instance.clusters.forEach(([classes], j) => {
    if (classes === 1) return;
    const fact = hasCollapsed(truth, j);
    if (!fact) rank += classes - 1;
    for (const flags of [certificate.collapsed, solution.collapsed]) {
      if (isWrong(flags?.[j], fact)) wrongFlags.push(`cluster ${j} has collapsed: ${fact}`);
    }
  });
  if (mean !== null) {
    for (const flag of [certificate.meanCollapsed, solution.meanCollapsed]) {
      if (isWrong(flag, mean)) wrongFlags.push(`the mean block is zero: ${mean}`);
    }
  }
  // With two clusters the mean block has rank one; with more, it has one at least where it is not zero.
  if (truth.J <= 2 && (truth.J === 1 || mean !== null)) {
    if (certificate.leastRank > rank) wrongFlags.push(`rank ${rank} below the least`);
    if (certificate.rankBound < rank) wrongFlags.push(`rank ${rank} above the bound`);
  }
  if (status === 'certified' && instance.featureDimension < rank) {
    wrongFlags.push(
      `certified with ${instance.featureDimension} features where ${rank} are needed`,
    );
  }
  return { wrongBounds, wrongFlags, knowsOptimum: optimum !== null, knowsMean: mean !== null };
}

/** F at feasible points: at factors of the solver's blocks, and at these made a little smaller and larger. */
function feasibleValues(truth: TrueProblem, instance: Instance, blocks: BlockLogits): Decimal[] {
  const problem = convexProblem(instance);
  const J = problem.clusterCount;
  const { values, left, right } = singularValues(meanBlock(problem, blocks), J, blocks.basis);
  const scales = J > 12 ? [1] : [1, 1 - 1e-7, 1 + 1e-7];
  return scales.map((scale) => {
    const roots = values.map((value) => Math.sqrt(value * scale));
    const W = Array.from(
      { length: J * J },
      (_, at) => left[(at % J) * J + Math.floor(at / J)]! * roots[at % J]!,
    );
    const H = Array.from({ length: J * J }, (_, at) => right[at]! * roots[Math.floor(at / J)]!);
    const contrast = blocks.contrast.map((s) => s * scale);
    return objectiveOfFactors(truth, { contrast, bias: blocks.bias }, W, H);
  });
}
