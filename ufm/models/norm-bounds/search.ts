import type { Instance } from '../../../study/instance.js';
import type { BlockLogits } from '../../blocks.js';
import { roundDown } from '../../certificate/rounding.js';
import { singularValueBounds } from '../../certificate/singular-value-bounds.js';
import { solveExact } from '../../exact/solve.js';
import { nuclearNorm, rightSingularVectors } from '../../linear-algebra/singular-values.js';
import { meanBlock } from '../../objective.js';
import { rootOfIncreasing } from './secant-root.js';
import { ROUNDINGS_OF_RADIUS, unitPenalties, type BoundedProblem } from './problem.js';

/** |Z|_* is as good as R when it is within this share of it: the rest is scaled. */
const CLOSE = 4e-15;
/** The relative gap that the exact solver is to reach at each multiplier. */
const GOAL = 1e-13;
/** By how much a class may lead where all are alike: then it is wrong with a probability of 1e-130. */
const LARGEST_LEAD = 300;
/** How far below the largest weight log mu may be. */
const LONGEST_WAY = 700;

export interface Found {
  /** |Z|_* <= R for certain. */
  readonly blocks: BlockLogits;
  /** mu >= 0: about a minimum of the loss + mu |Z|_* as well. */
  readonly multiplier: number;
  /** Newton steps of the exact solver, at all multipliers. */
  readonly iterations: number;
}

/**
 * The optimum's multiplier and logits: |Z|_* falls as mu grows.
 *
 * @throws Error for people where the bounds leave less to be wrong than float64 can tell
 */
export function searchMultiplier(instance: Instance, problem: BoundedProblem): Found {
  const { radius, classCount: K, masses, totalMass } = problem;
  if (radius > LARGEST_LEAD * (K - 1)) {
    throw new Error(
      `The bounds let classes lead by ${(radius / (K - 1)).toPrecision(3)} logits, and float64 has no proof beyond ` +
        `${LARGEST_LEAD}: use smaller bounds.`,
    );
  }
  let blocks: BlockLogits | null = null;
  let iterations = 0;
  /** By how much |Z|_* exceeds R at mu = exp(-x); zero where that is as good as nothing. */
  const excess = (x: number): number => {
    const solved = solveExact(penalised(instance, Math.exp(-x)), blocks);
    ({ blocks } = solved);
    iterations += solved.iterations;
    const difference = normOf(problem, blocks) - radius;
    return Math.abs(difference) <= CLOSE * radius ? 0 : difference;
  };
  // From the largest weight on Z is zero. Where all are alike every class leads by R / (K - 1).
  const least = -Math.log(masses.reduce((a, b) => Math.max(a, b)) / totalMass);
  const balanced = Math.log(Math.exp(radius / (K - 1)) + K - 1);
  const root = rootOfIncreasing(excess, least, Math.max(balanced, least + 1), least + LONGEST_WAY);
  excess(root);
  return { blocks: shrunk(problem, blocks!), multiplier: Math.exp(-root), iterations };
}

/** The family's instance in which lambda is mu and s is 1. */
function penalised(instance: Instance, multiplier: number): Instance {
  const { clusters, classWeights, ...rest } = instance;
  return {
    clusters,
    ...(classWeights === undefined ? {} : { classWeights }),
    featurePenalties: unitPenalties(instance),
    lambdaW: multiplier,
    lambdaH: multiplier,
    lambdaB: null,
    featureDimension: rest.featureDimension,
    form: rest.form,
    solver: 'exact',
    tolerance: GOAL,
    polish: false,
    seed: null,
  };
}

function normOf(problem: BoundedProblem, blocks: BlockLogits): number {
  const { clusterCount: J, classes } = problem;
  let contrasts = 0;
  for (let j = 0; j < J; j++) contrasts += (classes[j]! - 1) * Math.abs(blocks.contrast[j]!);
  return contrasts + nuclearNorm(meanBlock(problem, blocks), J, blocks.basis);
}

/** The blocks, less by what is needed for |Z|_* <= R. */
function shrunk(problem: BoundedProblem, blocks: BlockLogits): BlockLogits {
  const { clusterCount: J, classes, radius, roundings } = problem;
  const block = meanBlock(problem, blocks);
  const V = rightSingularVectors(block, J, blocks.basis);
  let norm = singularValueBounds(block, block, J, 1e-15, V).nuclearNorm;
  for (let j = 0; j < J; j++) norm += (classes[j]! - 1) * Math.abs(blocks.contrast[j]!);
  const most = roundDown(radius, ROUNDINGS_OF_RADIUS + J + 8 + roundings);
  if (norm <= most) return blocks;
  const factor = roundDown(most / norm, 2);
  return {
    ...blocks,
    contrast: blocks.contrast.map((s) => factor * s),
    mean: blocks.mean.map((s) => factor * s),
  };
}
