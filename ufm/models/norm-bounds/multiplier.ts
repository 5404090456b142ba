import type { OptimalPredictions } from '../../certificate/optimal-predictions.js';
import { gamma, roundDown, roundUp } from '../../certificate/rounding.js';
import { pullOf, type ConvexProblem } from '../../problem.js';

/**
 * At most |A(P*)|_2: what A(P*) does to the contrasts of a cluster, and to the direction v of the mean block, seen along u.
 *
 * @param u, v about the first singular vectors of the mean block of Z; the bound holds for any
 */
export function multiplierBelow(
  problem: ConvexProblem,
  optimal: OptimalPredictions,
  u: Float64Array,
  v: Float64Array,
): number {
  const { classes, roundings } = problem;
  let most = Math.max(0, meanBelow(problem, optimal, u, v));
  classes.forEach((k, j) => {
    if (k === 1) return;
    const apart = 1 - optimal.contrast(j, ONE).high;
    most = Math.max(most, roundDown(pullOf(problem, j) * apart, 6 + 2 * roundings));
  });
  return most;
}

const ONE = { low: 1, high: 1 };

/** At most -u'A(P*)v / (|u| |v|) on the mean block: a sum of masses, each as low or as high as it may be. */
function meanBelow(
  problem: ConvexProblem,
  optimal: OptimalPredictions,
  u: Float64Array,
  v: Float64Array,
): number {
  const { clusterCount: J, classes, roundings } = problem;
  let sum = 0;
  let magnitude = 0;
  for (let c = 0; c < J; c++) {
    const scale = pullOf(problem, c) * Math.sqrt(classes[c]!) * v[c]!;
    for (let a = 0; a < J; a++) {
      if (a === c) continue;
      const ofRows = [u[c]! / Math.sqrt(classes[c]!), u[a]! / Math.sqrt(classes[a]!)] as const;
      const coefficient = scale * (ofRows[0] - ofRows[1]);
      const mass = optimal.mass(a, c);
      sum += coefficient * (coefficient > 0 ? mass.low : mass.high);
      magnitude += Math.abs(scale) * (Math.abs(ofRows[0]) + Math.abs(ofRows[1])) * mass.high;
    }
  }
  const error = roundUp(gamma(J * J + 12 + 2 * roundings) * magnitude, J * J + 12);
  const length = roundUp(Math.sqrt(squareOf(u) * squareOf(v)), 2 * J + 2);
  return length > 0 ? roundDown(Math.max(0, sum - error) / length, 2) : 0;
}

function squareOf(x: Float64Array): number {
  return x.reduce((sum, entry) => sum + entry * entry, 0);
}
