import type { Instance } from '../../../study/instance.js';
import { gamma, roundDown, roundUp } from '../../certificate/rounding.js';
import { lowerLambda, upperLambda } from '../../certificate/lambda.js';
import { convexProblem } from '../../problem.js';

/**
 * The convex problem of squared error, with Y = Z S, S = diag(sqrt(n)), s = sqrt(n), and |s|^2 = N:
 *
 *     min over Y, b:  F = 1/(2N) |Y + b s' - T S|^2 + lambda |Y|_* + lambdaB/2 |b|^2
 *
 * T S is t on the diagonal of S and o everywhere; a free bias takes T n/N and leaves T S (I - s s'/N), which o has no part
 * in. By symmetry T S is t sqrt(n_j) on the contrasts of cluster j and a J x J mean block, in the orthonormal coordinates
 * 1_j / sqrt(k_j).
 */
export interface SquaredErrorProblem {
  readonly clusterCount: number;
  /** k_j and n_j. */
  readonly classes: Float64Array;
  readonly samples: Float64Array;
  /** N. */
  readonly total: number;
  /** t: by how much the target of the own class exceeds that of each other one, o. */
  readonly lead: number;
  readonly other: number;
  /** What the mean block of Y is to approximate: that of T S, or what a free bias leaves of it. */
  readonly mean: Float64Array;
  /** What the contrasts of Y are to approximate. */
  readonly contrasts: Float64Array;
  /** The numbers of both are within this relative error. */
  readonly relativeError: number;
  /** s in the coordinates of the mean block: sqrt(k_j n_j). */
  readonly s: Float64Array;
  /** N lambda: by so much singular values are less in Y; and numbers that it is not below or above. */
  readonly threshold: number;
  readonly lowerThreshold: number;
  readonly upperThreshold: number;
  readonly lambda: number;
  /** Null without a bias; 0 for a free one. */
  readonly lambdaB: number | null;
}

/** The problem of an instance with no bias or a free one. */
export function squaredErrorProblem(instance: Instance): SquaredErrorProblem {
  const problem = convexProblem(instance);
  const { clusterCount: J, classes, squaredScales: samples, totalMass: total, lambda } = problem;
  const own = problem.ownTarget[0]!;
  const other = problem.otherTarget[0]!;
  const lead = own - other;
  const s = classes.map((k, j) => Math.sqrt(k * samples[j]!));
  const isFree = instance.lambdaB === 0;
  const mean = new Float64Array(J * J);
  for (let a = 0; a < J; a++) {
    for (let c = 0; c < J; c++) {
      const at = a * J + c;
      if (!isFree) {
        mean[at] = other * Math.sqrt(classes[a]!) * s[c]!;
        if (a === c) mean[at] += lead * Math.sqrt(samples[a]!);
      } else if (a !== c) {
        mean[at] = (-lead * Math.sqrt(samples[a]!) * s[a]! * s[c]!) / total;
      } else {
        let elsewhere = 0;
        for (let i = 0; i < J; i++) if (i !== a) elsewhere += classes[i]! * samples[i]!;
        mean[at] = (lead * Math.sqrt(samples[a]!) * elsewhere) / total;
      }
    }
  }
  // Noise that leaves next to nothing of a label leaves nothing of its digits.
  const cancelled = lead > 0 ? (own + other) / lead : Infinity;
  return {
    clusterCount: J,
    classes,
    samples,
    total,
    lead,
    other,
    mean,
    contrasts: samples.map((n) => lead * Math.sqrt(n)),
    relativeError: roundUp(cancelled * gamma(J + 10 + 2 * problem.roundings), 4),
    s,
    threshold: total * lambda,
    lowerThreshold: roundDown(total * lowerLambda(problem), 1),
    upperThreshold: roundUp(total * upperLambda(problem), 1),
    lambda,
    lambdaB: instance.lambdaB,
  };
}
