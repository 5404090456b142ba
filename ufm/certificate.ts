import type { Instance } from '../study/instance.js';
import type { BlockLogits } from './blocks.js';
import { balance } from './certificate/balance.js';
import { decide } from './certificate/decisions.js';
import { dualLowerBound } from './certificate/dual-bound.js';
import { dualPoint, type DualPoint } from './certificate/dual-point.js';
import { scaleToFeasible, type FeasiblePoint } from './certificate/feasible-point.js';
import { primalUpperBound } from './certificate/primal-bound.js';
import { roundUp } from './certificate/rounding.js';
import { rightSingularVectors } from './linear-algebra/singular-values.js';
import { meanBlock } from './objective.js';
import { emptyPredictions, predict } from './predictions.js';
import { convexProblem, type ConvexProblem } from './problem.js';

/** What is proved of an instance's optimum, rounding errors counted; docs/decisions/certificate.md derives it. */
export interface Certificate {
  /** At most the optimal value of F, for every feature dimension, per class and per sample; 0 where nothing better is found. */
  readonly lowerBound: number;
  /** Per cluster: whether every optimum's classes coincide; null when undecided, and for a cluster of one class. */
  readonly collapsed: readonly (boolean | null)[];
  /** Whether every optimum's mean block is zero; null when undecided, and for a single cluster. */
  readonly meanCollapsed: boolean | null;
  /** With fewer features than this the optimum is another, and higher, than the convex problem's. */
  readonly leastRank: number;
  /** With so many features the optimum is the convex problem's, whose rank is at most this. */
  readonly rankBound: number;
}

/** Below this weight of a bias, what rounding leaves of the residual may cost more, divided by it, than to balance. */
export const NEARLY_FREE = 1e-9;

/**
 * Proves a lower bound, and as much of the optimum's collapse as the gap to it allows, from any finite blocks: the
 * better they are, the more is decided. The gap that decides is that of the blocks themselves, for averaging an iterate
 * over its clusters never raises F; the caller's own objective minus `lowerBound` bounds the caller's suboptimality.
 */
export function certify(instance: Instance, blocks: BlockLogits): Certificate {
  const problem = convexProblem(instance);
  const predictions = emptyPredictions(problem.clusterCount);
  predict(problem, blocks, predictions);
  const V = rightSingularVectors(meanBlock(problem, blocks), problem.clusterCount, blocks.basis);
  const proof = bestProof(problem, dualPoint(problem, predictions), V);
  if (proof === null) return undecided(problem);
  const gap = roundUp(primalUpperBound(problem, blocks, predictions, V) - proof.bound, 1);
  if (!Number.isFinite(gap)) return undecided(problem);
  const { collapsed, meanCollapsed, leastRank, rankBound } = decide(problem, proof.feasible, gap);
  const isConvex = instance.featureDimension >= rankBound;
  return {
    lowerBound: Math.max(0, proof.bound),
    collapsed: isConvex ? collapsed : collapsed.map(() => null),
    meanCollapsed: isConvex ? meanCollapsed : null,
    leastRank,
    rankBound,
  };
}

interface Proof {
  readonly feasible: FeasiblePoint;
  /** At most D at the feasible point. */
  readonly bound: number;
}

/** The better of what a point proves as it is, which takes a bias with a price, and balanced; null if neither is feasible. */
function bestProof(problem: ConvexProblem, point: DualPoint, V: Float64Array): Proof | null {
  const { lambdaB } = problem;
  const asItIs = lambdaB === 0 ? null : prove(problem, point, V);
  if (lambdaB === null || lambdaB >= NEARLY_FREE) return asItIs;
  const balanced = balance(problem, point);
  if (balanced === null) return asItIs;
  const proof = prove(problem, balanced, V);
  return asItIs === null || proof.bound > asItIs.bound ? proof : asItIs;
}

function prove(problem: ConvexProblem, point: DualPoint, V: Float64Array): Proof {
  const feasible = scaleToFeasible(problem, point, V);
  return { feasible, bound: dualLowerBound(problem, feasible.point) };
}

/** What is certain of every problem whose F is not negative. */
export function undecided({ classes, classCount }: ConvexProblem): Certificate {
  return {
    lowerBound: 0,
    collapsed: Array.from(classes, () => null),
    meanCollapsed: null,
    leastRank: 0,
    rankBound: classCount - 1,
  };
}
