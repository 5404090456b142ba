import type { ConvexProblem } from '../problem.js';
import { dualPoint, residual, type DualPoint } from './dual-point.js';
import { roundUp } from './rounding.js';

/**
 * Makes a dual point feasible for a free bias: (P - T) m = 0, every class is predicted as often as the targets have it.
 * Subtracts residual x m / |m|^2, the least change that does it, and where that leaves a negative entry mixes in the prior,
 * the mean of the targets, which is feasible and positive. What rounding leaves of the residual one more such subtraction
 * would remove, so it becomes the point's `correction`; null when an entry is too small to bear it.
 */
export function balance(problem: ConvexProblem, point: DualPoint): DualPoint | null {
  const { clusterCount: J, classes, masses, roundings } = problem;
  const { shares, all } = priorOf(problem);
  let squares = 0;
  for (let c = 0; c < J; c++) squares += classes[c]! * masses[c]! * masses[c]!;

  const { value } = residual(problem, point);
  const own = point.own.slice();
  const other = point.other.slice();
  let mixing = 0;
  const correct = (entry: number, a: number, c: number) => {
    const corrected = entry - (value[a]! * masses[c]!) / squares;
    const half = shares[a]! / all / 2;
    if (corrected < 0) mixing = Math.max(mixing, corrected / (corrected - half));
    return corrected;
  };
  forEachEntry(classes, (a, c) => {
    other[a * J + c] = correct(other[a * J + c]!, a, c);
  });
  for (let c = 0; c < J; c++) own[c] = correct(own[c]!, c, c);
  if (mixing > 0) {
    const mix = (entry: number, a: number) => (1 - mixing) * entry + (mixing * shares[a]!) / all;
    forEachEntry(classes, (a, c) => {
      other[a * J + c] = mix(other[a * J + c]!, a);
    });
    for (let c = 0; c < J; c++) own[c] = mix(own[c]!, c);
  }

  const balanced = dualPoint(problem, { own, other });
  const left = residual(problem, balanced);
  const correction = left.value.map((x, a) =>
    roundUp((Math.abs(x) + left.error[a]!) / squares, J + 4 + 2 * roundings),
  );
  let bearable = own.every((entry, c) => 4 * correction[c]! * masses[c]! <= entry);
  forEachEntry(classes, (a, c) => {
    bearable &&= 4 * correction[a]! * masses[c]! <= other[a * J + c]!;
  });
  return bearable ? { ...balanced, isBalanced: true, correction } : null;
}

/** The mean of the targets, each as often as the loss counts it: shares / all, a share for a class of each cluster. */
function priorOf({ classes, masses, ownTarget, otherTarget }: ConvexProblem) {
  let all = 0;
  let toOthers = 0;
  for (let c = 0; c < classes.length; c++) {
    all += classes[c]! * masses[c]!;
    toOthers += classes[c]! * masses[c]! * otherTarget[c]!;
  }
  const shares = masses.map((mass, a) => mass * (ownTarget[a]! - otherTarget[a]!) + toOthers);
  return { shares, all };
}

/** Calls back for every pair of clusters that has an entry in `other`: a cluster of one class has none with itself. */
function forEachEntry(classes: Float64Array, callback: (a: number, c: number) => void): void {
  for (let a = 0; a < classes.length; a++) {
    for (let c = 0; c < classes.length; c++) {
      if (a !== c || classes[a]! > 1) callback(a, c);
    }
  }
}
