import type { BlockLogits } from '../../blocks.js';
import { nuclearProx, type NuclearProx } from '../../exact/nuclear-prox.js';
import type { SquaredErrorProblem } from './problem.js';

/** Y in blocks. */
export interface Point {
  /** J values, of sqrt(n_j) (z_own - z_same). */
  readonly contrasts: Float64Array;
  /** Its value is the mean block of Y; what it was the prox of is the decomposition. */
  readonly mean: NuclearProx;
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
