import type { Instance, Problem } from '../study/instance.js';
import { hasRemedies } from '../study/remedies.js';
import { logitScalesOf, logitShiftsOf, marginsOf, targetsOf } from './remedies.js';

/**
 * The convex problem that an instance is where its feature dimension is at least the optimal rank. With Y = Z diag(s),
 * balanced factors make the weights of |W|^2 and |H|^2 one nuclear norm:
 *
 *     min over Y, b:  F = sum_k c_k CE(delta o (y_k / s_k + b) + iota_k, t_k) + lambda |Y|_* + lambdaB/2 |b|^2
 *
 * Plain cross entropy is c_k = n_k/N, s_k = sqrt(n_k), t_k = e_k, delta = 1 and iota = 0. By symmetry everything is an
 * average over the clusters, whose classes nothing tells apart: J entries each, K classes.
 *
 * c and s are held as the numbers below, so that plain cross entropy, where they are sample counts, has no rounding in them.
 */
export interface ConvexProblem {
  readonly clusterCount: number;
  readonly classCount: number;
  /** k_a of each cluster. */
  readonly classes: Float64Array;
  /** N: what masses are divided by. */
  readonly totalMass: number;
  /** m_a = N c_a: the weight of a class in the loss; n_a where no class weights are. */
  readonly masses: Float64Array;
  /** s_a^2: the weight of a class's mean feature in the penalty, in units of lambdaH; n_a where no feature penalties are. */
  readonly squaredScales: Float64Array;
  /** r_a = m_a / s_a^2: c_a / s_a = r_a s_a / N; 1 in the plain problem. */
  readonly massPerScale: Float64Array;
  /** k_a c_a: the share of a cluster in the loss. */
  readonly weights: Float64Array;
  /** t_a: the probability that a sample has its own label, and that of each other label. */
  readonly ownTarget: Float64Array;
  readonly otherTarget: Float64Array;
  /** delta_a, by which the logits of a class are multiplied. */
  readonly logitScales: Float64Array;
  /** What is added to the logits of a class, and taken off them where it is the sample's own. */
  readonly logitShifts: Float64Array;
  readonly margins: Float64Array;
  /** Clusters whose contrast a search is told to hold at zero; see `exact/held-contrasts.ts`. */
  readonly heldContrasts?: ReadonlySet<number>;
  /** sqrt(lambdaW lambdaH). */
  readonly lambda: number;
  /** Null without a bias; 0 for a free one. */
  readonly lambdaB: number | null;
  /**
   * Each of these numbers but lambda is exact up to so many roundings more than a mean over all samples has; 0 in the
   * plain problem.
   */
  readonly roundings: number;
}

/** A product, a quotient of two of them, a sum of products, or a logarithm: in all this is more than they have. */
const MOST_ROUNDINGS = 16;

/** What of an instance makes the convex problem. */
export type PenalizedProblem = Problem & Pick<Instance, 'lambdaW' | 'lambdaH' | 'lambdaB'>;

export function convexProblem(instance: PenalizedProblem): ConvexProblem {
  const { clusters, lambdaB, classWeights, featurePenalties } = instance;
  const J = clusters.length;
  // Plain loops: Float64Array.from takes longer than two clusters take to solve.
  const classes = new Float64Array(J);
  const masses = new Float64Array(J);
  const squaredScales = new Float64Array(J);
  const massPerScale = new Float64Array(J);
  const weights = new Float64Array(J);
  let K = 0;
  let N = 0;
  for (let a = 0; a < J; a++) {
    const [k, n] = clusters[a]!;
    K += k;
    N += k * n;
    classes[a] = k;
    masses[a] = classWeights === undefined ? n : classWeights[a]! * n;
    squaredScales[a] = featurePenalties === undefined ? n : featurePenalties[a]! * n;
    massPerScale[a] = masses[a]! / squaredScales[a]!;
  }
  for (let a = 0; a < J; a++) weights[a] = (classes[a]! * masses[a]!) / N;
  const { own, other } = targetsOf(instance);
  return {
    clusterCount: J,
    classCount: K,
    classes,
    totalMass: N,
    masses,
    squaredScales,
    massPerScale,
    weights,
    ownTarget: own,
    otherTarget: other,
    logitScales: logitScalesOf(instance),
    logitShifts: logitShiftsOf(instance),
    margins: marginsOf(instance),
    lambda: Math.sqrt(instance.lambdaW) * Math.sqrt(instance.lambdaH),
    lambdaB,
    roundings: hasRemedies(instance) ? MOST_ROUNDINGS : 0,
  };
}

/**
 * delta_j c_j / s_j: what a residual P - T of the samples of cluster j counts in A(P) = diag(delta) (P - T) diag(c/s), on
 * the cluster's contrasts. Times t_own - t_same it is the lambda of their collapse, where there is no margin.
 */
export function pullOf(problem: ConvexProblem, j: number): number {
  const { totalMass, massPerScale, squaredScales, logitScales } = problem;
  return logitScales[j]! * ((massPerScale[j]! * Math.sqrt(squaredScales[j]!)) / totalMass);
}
