import { singularValues } from '../ufm/linear-algebra/singular-values.js';

/**
 * The layer-peeled model of Fang, He, Long & Su (PNAS 2021, arXiv:2101.12699) with cross entropy and features of a class
 * in one place, where its minima are:
 *
 *     min sum_k n_k/N CE(W h_k, e_k)  subject to  |W|^2 <= K E_W,  |H|^2 <= K E_H,  W and H of size K x K
 *
 * What W H can be under these bounds is |Z|_* <= K sqrt(E_W E_H), so that it is a convex problem in Z.
 */
export interface LayerPeeledModel {
  readonly majorityClasses: number;
  readonly minorityClasses: number;
  /** n_A / n_B >= 1. */
  readonly ratio: number;
  /** E_W. */
  readonly boundW: number;
  /** E_H. */
  readonly boundH: number;
}

export interface LayerPeeledSolution {
  /** Z, K x K: column k has the logits of class k; the majority comes first. */
  readonly predictions: Float64Array;
  /** Mean cross entropy. */
  readonly objective: number;
  /** The minimum is at most this far below the objective (Frank & Wolfe's gap). */
  readonly gap: number;
  /** mu >= 0: Z is a minimum of the cross entropy + mu |Z|_* as well. */
  readonly multiplier: number;
  /** The singular value of Z by which minority classes differ from each other; 0 when they have collapsed. */
  readonly minorityContrast: number;
  /** Mean cosine between rows of W of the minority; null where they vanish. */
  readonly minorityCosine: number | null;
}

const MOST_STEPS = 100_000;
const STEPS_BETWEEN_CHECKS = 50;
/** A row of W is zero when its square is below this share of the largest. */
const VANISHED = 1e-9;

/**
 * Projected gradient steps with Nesterov's momentum, restarted where they lead uphill (O'Donoghue & Candes, 2015), until
 * the gap is at most the tolerance.
 *
 * @param start predictions to begin at, such as those of a ratio near by; zero if left out
 * @throws Error when the gap stays above the tolerance
 */
export function solveLayerPeeled(
  model: LayerPeeledModel,
  tolerance: number,
  start?: Float64Array,
): LayerPeeledSolution {
  const { majorityClasses, minorityClasses, ratio, boundW, boundH } = model;
  const classes = majorityClasses + minorityClasses;
  const radius = classes * Math.sqrt(boundW * boundH);
  const total = majorityClasses * ratio + minorityClasses;
  const weights = Array.from(
    { length: classes },
    (_, k) => (k < majorityClasses ? ratio : 1) / total,
  );
  // The Hessian of a cross entropy is at most 1/2.
  const step = 2 / weights[0]!;
  let current = start ?? new Float64Array(classes ** 2);
  let ahead = current;
  let momentum = 1;
  for (let count = 1; count <= MOST_STEPS; count++) {
    const { gradient } = crossEntropy(ahead, weights);
    const next = project(
      ahead.map((value, i) => value - step * gradient[i]!),
      classes,
      radius,
    );
    const uphill = next.reduce(
      (sum, value, i) => sum + (ahead[i]! - value) * (value - current[i]!),
      0,
    );
    const following = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const share = uphill > 0 ? 0 : (momentum - 1) / following;
    const before = current;
    ahead = next.map((value, i) => value + share * (value - before[i]!));
    momentum = following;
    current = next;
    if (count % STEPS_BETWEEN_CHECKS !== 0) continue;
    const solution = describe(current, weights, majorityClasses, radius);
    if (solution.gap <= tolerance) return solution;
  }
  throw new Error(`the gap stayed above ${tolerance} at n_A / n_B = ${ratio}`);
}

function describe(
  predictions: Float64Array,
  weights: readonly number[],
  majorityClasses: number,
  radius: number,
): LayerPeeledSolution {
  const classes = weights.length;
  const { value, gradient } = crossEntropy(predictions, weights);
  const multiplier = singularValues(gradient, classes).values[0]!;
  const slope = gradient.reduce((sum, entry, i) => sum + entry * predictions[i]!, 0);
  const at = (i: number, k: number): number => predictions[i * classes + k]!;
  const [a, b] = [majorityClasses, majorityClasses + 1];
  return {
    predictions,
    objective: value,
    gap: slope + radius * multiplier,
    multiplier,
    minorityContrast: at(a, a) - at(a, b),
    minorityCosine: cosineOfW(predictions, classes, a, b),
  };
}

/** W is U S^(1/2) of Z = U S V', up to a factor and a rotation. */
function cosineOfW(
  predictions: Float64Array,
  classes: number,
  a: number,
  b: number,
): number | null {
  const { values, left } = singularValues(predictions, classes);
  const product = (i: number, j: number): number =>
    values.reduce(
      (sum, value, r) => sum + value * left[r * classes + i]! * left[r * classes + j]!,
      0,
    );
  return product(a, a) <= VANISHED * product(0, 0)
    ? null
    : product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

/** Weighted cross entropy of logits in columns, column k with label k, and its gradient. */
function crossEntropy(
  logits: Float64Array,
  weights: readonly number[],
): { value: number; gradient: Float64Array } {
  const classes = weights.length;
  const gradient = new Float64Array(logits.length);
  let value = 0;
  weights.forEach((weight, k) => {
    const column = weights.map((_, i) => logits[i * classes + k]!);
    const largest = Math.max(...column);
    const powers = column.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((a, b) => a + b);
    value += weight * (Math.log(sum) + largest - column[k]!);
    powers.forEach((power, i) => {
      gradient[i * classes + k] = weight * (power / sum - (i === k ? 1 : 0));
    });
  });
  return { value, gradient };
}

/** The nearest matrix whose nuclear norm is at most the radius: singular values on a simplex (Duchi et al., 2008). */
function project(matrix: Float64Array, classes: number, radius: number): Float64Array {
  const { values, left, right } = singularValues(matrix, classes);
  const sums = values.map((_, r) => values.slice(0, r + 1).reduce((a, b) => a + b) - radius);
  if (sums[classes - 1]! <= 0) return matrix;
  const kept = values.findLastIndex((value, r) => value > sums[r]! / (r + 1));
  const excess = sums[kept]! / (kept + 1);
  const nearest = new Float64Array(matrix.length);
  for (let r = 0; r <= kept; r++) {
    for (let i = 0; i < classes; i++) {
      for (let k = 0; k < classes; k++) {
        nearest[i * classes + k]! +=
          (values[r]! - excess) * left[r * classes + i]! * right[r * classes + k]!;
      }
    }
  }
  return nearest;
}
