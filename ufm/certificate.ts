import type { Instance } from '../study/instance.js';
import type { BlockLogits } from './blocks.js';
import { balance } from './certificate/balance.js';
import { decide } from './certificate/decisions.js';
import { dualLowerBound } from './certificate/dual-bound.js';
import { dualPoint } from './certificate/dual-point.js';
import { scaleToFeasible } from './certificate/feasible-point.js';
import { primalUpperBound } from './certificate/primal-bound.js';
import { rightSingularVectors } from './linear-algebra/singular-values.js';
import { meanBlock } from './objective.js';
import { emptyPredictions, predict } from './predictions.js';
import { convexProblem } from './problem.js';

/** What is proved of an instance's optimum, rounding errors counted; docs/decisions/certificate.md derives it. */
export interface Certificate {
  /** At most the optimal value of F, for every feature dimension, per class and per sample; -Infinity if none is found. */
  readonly lowerBound: number;
  /** Per cluster: whether every optimum's classes coincide; null when undecided, and for a cluster of one class. */
  readonly collapsed: readonly (boolean | null)[];
  /** Whether every optimum's mean block is zero; null when undecided, and for a single cluster. */
  readonly meanCollapsed: boolean | null;
  /** The convex problem's optimal rank is at most this; with fewer features the optimum may be another. */
  readonly rankBound: number;
}

/**
 * Proves a lower bound, and as much of the optimum's collapse as the gap to it allows, from any finite blocks: the
 * better they are, the more is decided. The gap that decides is that of the blocks themselves, for averaging an iterate
 * over its clusters never raises F; the caller's own objective minus `lowerBound` bounds the caller's suboptimality.
 */
export function certify(instance: Instance, blocks: BlockLogits): Certificate {
  const problem = convexProblem(instance);
  const predictions = emptyPredictions(problem.clusterCount);
  predict(problem, blocks, predictions);
  const stochastic = dualPoint(problem, predictions);
  const balanced = problem.lambdaB === 0 ? balance(problem, stochastic) : stochastic;
  if (balanced === null) return undecided(instance);
  const V = rightSingularVectors(meanBlock(problem, blocks), problem.clusterCount, blocks.basis);
  const feasible = scaleToFeasible(problem, balanced, V);
  const lowerBound = dualLowerBound(problem, feasible.point);
  const gap = primalUpperBound(problem, blocks, predictions, V) - lowerBound;
  if (!Number.isFinite(gap)) return undecided(instance);
  const { collapsed, meanCollapsed, rankBound } = decide(problem, feasible, gap);
  const isConvex = instance.featureDimension >= rankBound;
  return {
    lowerBound,
    collapsed: isConvex ? collapsed : collapsed.map(() => null),
    meanCollapsed: isConvex ? meanCollapsed : null,
    rankBound,
  };
}

function undecided({ clusters }: Instance): Certificate {
  return {
    lowerBound: -Infinity,
    collapsed: clusters.map(() => null),
    meanCollapsed: null,
    rankBound: clusters.reduce((sum, [classes]) => sum + classes, -1),
  };
}
