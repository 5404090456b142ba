import type { Instance } from '../../../study/instance.js';
import type { BlockLogits } from '../../blocks.js';
import { nuclearProx, type NuclearProx } from '../../exact/nuclear-prox.js';
import { geometryOfBlocks } from '../../geometry.js';
import { gapLeft } from '../gap-left.js';
import type { Solved } from '../solved.js';
import { certifySquaredError } from './certificate.js';
import { squaredErrorProblem, type SquaredErrorProblem } from './problem.js';

const ROUNDED = 'float64 carries no more. Use a larger tolerance or a larger lambda.';

/** Y in blocks. */
export interface Point {
  /** J values, of sqrt(n_j) (z_own - z_same). */
  readonly contrasts: Float64Array;
  /** Its value is the mean block of Y; what it was the prox of is the decomposition. */
  readonly mean: NuclearProx;
}

/**
 * Squared error in closed form: Y is T S, or what a free bias leaves of it, with its singular values less N lambda
 * (derived as by Tirer & Bruna, arXiv:2202.08087, for balanced classes; here for any).
 */
export function solveSquaredError(instance: Instance): Solved {
  const problem = squaredErrorProblem(instance);
  const point = closedForm(problem);
  const certificate = certifySquaredError(problem, point);
  const geometry = geometryOfBlocks(instance, blocksOf(problem, point));
  const objective = objectiveAt(problem, point);
  return {
    objective,
    certificate,
    geometry,
    iterations: 0,
    features: {
      least: Math.max(geometry.rank, certificate.leastRank),
      enough: certificate.rankBound,
    },
    reasonForGap: gapLeft(instance, objective, certificate.lowerBound, ROUNDED),
  };
}

export function closedForm(problem: SquaredErrorProblem): Point {
  const { clusterCount: J, contrasts, mean, threshold } = problem;
  return {
    contrasts: contrasts.map((target) => Math.max(0, target - threshold)),
    mean: nuclearProx(mean, J, threshold),
  };
}

export function objectiveAt(problem: SquaredErrorProblem, { contrasts, mean }: Point): number {
  const { classes, total, lambda } = problem;
  let squares = 0;
  let norm = mean.nuclearNorm;
  contrasts.forEach((y, j) => {
    const missing = y - problem.contrasts[j]!;
    squares += (classes[j]! - 1) * missing * missing;
    norm += (classes[j]! - 1) * y;
  });
  for (const value of mean.decomposition.values) {
    const missing = Math.min(value, mean.threshold);
    squares += missing * missing;
  }
  return squares / (2 * total) + lambda * norm;
}

export function blocksOf(
  { clusterCount: J, classes, samples, total, lead, other, s, lambdaB }: SquaredErrorProblem,
  { contrasts, mean }: Point,
): BlockLogits {
  return {
    contrast: contrasts.map((y, j) => (classes[j]! > 1 ? y / Math.sqrt(samples[j]!) : 0)),
    mean: mean.value.map((y, at) => y / Math.sqrt(classes[Math.floor(at / J)]!) / s[at % J]!),
    bias: lambdaB === null ? null : samples.map((n) => (lead * n) / total + other),
    basis: mean.decomposition.right,
  };
}
