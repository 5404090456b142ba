import { convexProblem, pullOf, type ConvexProblem } from '../../ufm/problem.js';
import type { Problem } from '../../study/instance.js';
import { REMEDY_LISTS } from '../../study/remedies.js';
import { rootOf } from './root-of.js';

/** Beyond it, in logits, exponentials of a float64 are gone. */
const LARGEST_CONTRAST = 700;

/**
 * The lambda at which the mean block of two clusters vanishes while one of them, A, has its contrast and the other, B, has
 * collapsed: the mean of B, gone with everything that tells the two apart. A is the majority, unless remedies make that collapse
 * first. With a the contrast of A, which grows as lambda falls, and the bias along its only free direction, it is the root of
 * three equations (no power law in N and n_B):
 *
 *     lambda = delta_A c_A/s_A ((t_own - t_same) - (p_own - p_same))              what holds the contrast
 *     lambda = |A(P)| on the mean block, which has rank one                       what lets the mean go
 *     lambda_B beta = w_A (p_BA - t_BA) - w_B (p_AB - t_AB)                       what holds the bias
 *
 * Null where neither has collapsed before the mean vanishes, and for other than two clusters.
 */
export function meanTransition(problem: Problem, lambdaB: number | null): number | null {
  if (problem.clusters.length !== 2) return null;
  return whileFirstLives(problem, lambdaB) ?? whileFirstLives(reversed(problem), lambdaB);
}

/** The same problem with its clusters the other way round. */
function reversed(problem: Problem): Problem {
  const lists = REMEDY_LISTS.flatMap((name) => {
    const list = problem[name];
    return list === undefined ? [] : [[name, list.toReversed()] as const];
  });
  return { ...problem, clusters: problem.clusters.toReversed(), ...Object.fromEntries(lists) };
}

/** With the first cluster for A and the second for B. */
function whileFirstLives(problem: Problem, lambdaB: number | null): number | null {
  if (problem.clusters[0]![0] < 2) return null;
  const convex = convexProblem({ ...problem, lambdaW: 1, lambdaH: 1, lambdaB });
  const excess = (contrast: number): number => {
    const { lambda, norm } = stateAt(convex, contrast);
    return lambda - norm;
  };
  const [least, most] = [0, LARGEST_CONTRAST / convex.logitScales[0]!];
  if (!(excess(least) > 0 && excess(most) < 0)) return null;
  const { lambda, own, same } = stateAt(convex, rootOf(excess, least, most));
  const minority = pullOf(convex, 1) * (trust(convex, 1) - (own - same));
  return convex.classes[1]! > 1 && lambda < minority ? null : lambda;
}

/** Where A has this contrast, B none, and the mean block is zero. */
function stateAt(problem: ConvexProblem, contrast: number) {
  const { lambdaB, logitScales, classes } = problem;
  const at = (beta: number) => predictionsAt(problem, contrast, beta);
  const slope = (beta: number): number => {
    const { fromA, fromB } = at(beta);
    return problem.weights[0]! * fromA - problem.weights[1]! * fromB - (lambdaB ?? 0) * beta;
  };
  const spread = logitScales[0]! ** 2 / classes[0]! + logitScales[1]! ** 2 / classes[1]!;
  const reach = LARGEST_CONTRAST / spread;
  const beta = lambdaB === null ? 0 : rootOf(slope, -reach, reach);
  const { own, same, ownOfB, sameOfB, fromA, fromB } = at(beta);
  const lambda = pullOf(problem, 0) * (trust(problem, 0) - (own - same));
  const share = (c: number, from: number) =>
    (Math.sqrt(classes[c]!) * from * pullOf(problem, c)) / logitScales[c]!;
  const norm = Math.sqrt(spread) * Math.hypot(share(0, fromA), share(1, fromB));
  return { lambda, norm, own: ownOfB, same: sameOfB };
}

/** Predictions for samples of A and of B; `from` is what goes to the other cluster beyond the target. */
function predictionsAt(problem: ConvexProblem, contrast: number, beta: number) {
  const { classes, logitScales, logitShifts, margins, otherTarget } = problem;
  const [kA, kB] = [classes[0]!, classes[1]!];
  const ofA = logitScales[0]! * ((beta * logitScales[0]!) / kA) + logitShifts[0]!;
  const ofB = -logitScales[1]! * ((beta * logitScales[1]!) / kB) + logitShifts[1]!;
  const lift = logitScales[0]! * contrast;
  const A = softmax([
    [1, ofA + lift * (1 - 1 / kA) - margins[0]!],
    [kA - 1, ofA - lift / kA],
    [kB, ofB],
  ]);
  const B = softmax([
    [1, ofB - margins[1]!],
    [kB - 1, ofB],
    [kA, ofA],
  ]);
  return {
    own: A[0]!,
    same: A[1]!,
    ownOfB: B[0]!,
    sameOfB: B[1]!,
    fromA: kB * (A[2]! - otherTarget[0]!),
    fromB: kA * (B[2]! - otherTarget[1]!),
  };
}

/** The probability of one of each group of so many classes with this logit. */
function softmax(groups: readonly (readonly [count: number, logit: number])[]): number[] {
  const largest = Math.max(...groups.map(([, logit]) => logit));
  const odds = groups.map(([, logit]) => Math.exp(logit - largest));
  const total = groups.reduce((sum, [count], i) => sum + count * odds[i]!, 0);
  return odds.map((one) => one / total);
}

/** t_own - t_same. */
function trust({ classCount, otherTarget }: ConvexProblem, cluster: number): number {
  return 1 - classCount * otherTarget[cluster]!;
}
