import type { BlockLogits } from '../../blocks.js';
import { NEARLY_FREE } from '../../certificate.js';
import { balance } from '../../certificate/balance.js';
import { dualLowerBound } from '../../certificate/dual-bound.js';
import { dualPoint, residual, type DualPoint } from '../../certificate/dual-point.js';
import { lowerLambda, upperLambda } from '../../certificate/lambda.js';
import {
  optimalPredictions,
  type OptimalPredictions,
} from '../../certificate/optimal-predictions.js';
import { primalUpperBound } from '../../certificate/primal-bound.js';
import { ELEMENTARY_ERROR, gamma, roundUp } from '../../certificate/rounding.js';
import { emptyPredictions, predict } from '../../predictions.js';
import { pullOf } from '../../problem.js';
import type { Aliveness } from './aliveness.js';
import {
  distanceAbove,
  productAbove,
  scaleToCopositive,
  type PredictionIntervals,
} from './copositive-point.js';
import { lengthOfColumn } from './group-lasso.js';
import type { NonnegativeProblem } from './problem.js';

/** What is proved of a problem with a bias. */
export interface BiasedProof {
  readonly lowerBound: number;
  readonly states: readonly Aliveness[];
}

/** What is proved from the logits at which the group lasso ended, whether it is the problem's optimum or above it. */
export function proveBiasedClasses(problem: NonnegativeProblem, blocks: BlockLogits): BiasedProof {
  const { clusterCount: J, classes } = problem;
  const predictions = emptyPredictions(J);
  predict(problem, blocks, predictions);
  const proof = bestProof(problem, dualPoint(problem, predictions));
  const upper = upperBound(problem, blocks);
  const gap = proof === null ? Infinity : roundUp(Math.max(0, upper - proof.bound), 1);
  if (proof === null || !Number.isFinite(gap)) {
    return { lowerBound: 0, states: Array.from(classes, () => null) };
  }
  const optimal = optimalPredictions(problem, proof.point, gap);
  return {
    lowerBound: Math.max(0, proof.bound),
    states: Array.from(classes, (k, c) =>
      k === 1 && isAhead(problem, proof.point, gap, optimal, c)
        ? true
        : stateOf(problem, optimal, c),
    ),
  };
}

interface Proof {
  readonly point: DualPoint;
  readonly bound: number;
}

function bestProof(problem: NonnegativeProblem, point: DualPoint): Proof | null {
  const { lambdaB } = problem;
  const balanced = lambdaB! < NEARLY_FREE ? balance(problem, point) : null;
  const proofs = [lambdaB === 0 ? null : point, balanced].flatMap((each) => {
    if (each === null) return [];
    const feasible = scaleToCopositive(problem, each).point;
    return { point: feasible, bound: dualLowerBound(problem, feasible) };
  });
  return proofs.reduce<Proof | null>(
    (best, proof) => (best === null || proof.bound > best.bound ? proof : best),
    null,
  );
}

/** At least the group lasso's value at the blocks. */
function upperBound(problem: NonnegativeProblem, blocks: BlockLogits): number {
  const { clusterCount: J, classes, squaredScales, roundings } = problem;
  const predictions = emptyPredictions(J);
  predict(problem, blocks, predictions);
  const identity = Float64Array.from({ length: J * J }, (_, at) => (at % (J + 1) === 0 ? 1 : 0));
  const others = primalUpperBound({ ...problem, lambda: 0 }, blocks, predictions, identity);
  let lengths = 0;
  for (let c = 0; c < J; c++) {
    const length = lengthOfColumn(problem, blocks, c);
    lengths += classes[c]! * Math.sqrt(squaredScales[c]!) * length;
  }
  return roundUp(others + upperLambda(problem) * lengths, 2 * J + 12 + 2 * roundings);
}

/**
 * A class's feature is zero in every optimum where |A(P*) e_k| < lambda and column k of A(P*) has no positive product with
 * another: then |A h|^2 <= h_k^2 |A e_k|^2 + |A (h - h_k e_k)|^2 < lambda^2 |h|^2 for every h >= 0 with h_k > 0. In turn features
 * of zero leave the bias alone, and with it all classes of the cluster alike.
 */
function stateOf(problem: NonnegativeProblem, optimal: OptimalPredictions, c: number): Aliveness {
  const { clusterCount: J, classes, roundings } = problem;
  if (classes[c]! > 1 && optimal.contrast(c, ONE).low > 0) return true;
  const intervals: PredictionIntervals = {
    rest: (column) => {
      const { low, high } = optimal.own(column);
      return { low: Math.max(0, 1 - high - gamma(2)), high: 1 - low + gamma(2) };
    },
    other: (a, column) =>
      a === column && classes[a] === 1 ? { low: 0, high: 0 } : optimal.other(a, column),
  };
  const norm = pullOf(problem, c) * distanceAbove(problem, intervals, c);
  if (!(roundUp(norm, 6 + 2 * roundings) < lowerLambda(problem))) return null;
  for (let d = 0; d < J; d++) {
    if (d === c && classes[c] === 1) continue;
    if (productAbove(problem, intervals, c, d) > 0) return null;
  }
  return false;
}

const ONE = { low: 1, high: 1 };

/**
 * Whether the one class of cluster c leads some other one by more than the bias makes it at the optimum, so that its feature
 * is there. The bias has the residual r = (P* - I) c, b = -r / lambdaB, and by strong concavity |r - r*|^2 / (2 lambdaB) <= gap.
 * A free bias is not known from P*, and nothing is decided.
 */
function isAhead(
  problem: NonnegativeProblem,
  point: DualPoint,
  gap: number,
  optimal: OptimalPredictions,
  c: number,
): boolean {
  const { clusterCount: J, classes, totalMass, lambdaB } = problem;
  if (lambdaB === 0 || lambdaB === null || point.isBalanced) return false;
  const { value, error } = residual(problem, point);
  const bias = value.map((r) => -r / totalMass / lambdaB);
  const errors = error.map((e, a) =>
    roundUp(e / totalMass / lambdaB + Math.sqrt((2 * gap) / lambdaB / classes[a]!), 6),
  );
  const own = optimal.own(c).low;
  for (let a = 0; a < J; a++) {
    if (a === c || !(own > 0)) continue;
    const logOdds = Math.log(own / optimal.other(a, c).high);
    const lead = logOdds - (bias[c]! - bias[a]!) - errors[a]! - errors[c]!;
    const magnitude = 1 + Math.abs(logOdds) + Math.abs(bias[c]!) + Math.abs(bias[a]!);
    if (lead > 16 * ELEMENTARY_ERROR * magnitude) return true;
  }
  return false;
}
