import type { SmoothObjective } from '../../exact/damped-newton.js';
import { predictClass, type ClassPrediction } from './class-prediction.js';
import type { NonnegativeProblem } from './problem.js';

/**
 * The group lasso as a function of the bias alone, every class's feature being optimal: convex, and smooth but where a
 * feature vanishes. With E = diag(p / (1 + tau p)) and q = e - p a class's curvature is
 *
 *     B - B q q'B / q'B q,    B = E - E 1 1'E / 1'E 1        (without the last term where its feature is zero, and tau = 0)
 *
 * since dp = B (db + q dtau), and q does not change in length.
 */
export class BiasObjective implements SmoothObjective {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  /** At the last point expanded: of a class of each cluster. */
  predictions: readonly ClassPrediction[] = [];
  readonly #problem: NonnegativeProblem;
  readonly #counts: readonly Float64Array[];

  constructor(problem: NonnegativeProblem) {
    const { clusterCount: J, classes } = problem;
    this.#problem = problem;
    this.gradient = new Float64Array(J);
    this.hessian = new Float64Array(J * J);
    this.#counts = Array.from(classes, (_, c) => classes.map((k, a) => (a === c ? k - 1 : k)));
  }

  expand(bias: Float64Array): number {
    const { clusterCount: J, classes, classCount, weights, prices, lambdaB } = this.#problem;
    const { gradient, hessian } = this;
    gradient.fill(0);
    hessian.fill(0);
    const near = this.predictions;
    this.predictions = this.#counts.map((counts, c) =>
      predictClass(c, counts, bias, prices[c]!, near[c]?.tau ?? 0),
    );
    let value = 0;
    this.predictions.forEach(({ loss, tau, distance }, c) => {
      value += weights[c]! * (loss + prices[c]! * tau * distance);
      this.#addClass(c);
    });
    // A constant in a free bias changes nothing, so that half the square of its sum is added, which is zero at a minimum.
    const constant =
      lambdaB === 0 ? bias.reduce((sum, b, a) => sum + classes[a]! * b, 0) / classCount : 0;
    value += (classCount * constant * constant) / 2;
    for (let a = 0; a < J; a++) {
      const k = classes[a]!;
      value += ((lambdaB ?? 0) / 2) * k * bias[a]! * bias[a]!;
      gradient[a]! += k * ((lambdaB ?? 0) * bias[a]! + constant);
      hessian[a * (J + 1)]! += k * (lambdaB ?? 0);
      if (lambdaB !== 0) continue;
      for (let i = 0; i < J; i++) hessian[a * J + i]! += (k * classes[i]!) / classCount;
    }
    return value;
  }

  #addClass(c: number): void {
    const { clusterCount: J, weights } = this.#problem;
    const { tau, own, rest, others } = this.predictions[c]!;
    const counts = this.#counts[c]!;
    const E = new Float64Array(J);
    const Eq = new Float64Array(J);
    let bend = 0;
    let outflow = 0;
    for (let a = 0; a < J; a++) {
      const p = others[a]!;
      E[a] = (counts[a]! * p) / (1 + tau * p);
      Eq[a] = -E[a]! * p;
      bend += E[a]! * p * p;
      if (a === c) continue;
      outflow += counts[a]! * p;
      this.gradient[a]! += weights[c]! * counts[a]! * p;
    }
    this.gradient[c]! -= weights[c]! * outflow;
    const ofOwn = own / (1 + tau * own);
    E[c]! += ofOwn;
    Eq[c]! += ofOwn * rest;
    bend += ofOwn * rest * rest;
    const all = E.reduce((sum, e) => sum + e, 0);
    const ofAll = Eq.reduce((sum, e) => sum + e, 0);
    bend -= (ofAll * ofAll) / all;
    const Bq = Eq.map((entry, a) => entry - (E[a]! * ofAll) / all);
    for (let a = 0; a < J; a++) {
      this.hessian[a * (J + 1)]! += weights[c]! * E[a]!;
      for (let i = 0; i <= a; i++) {
        const common = (E[a]! * E[i]!) / all + (tau > 0 ? (Bq[a]! * Bq[i]!) / bend : 0);
        this.hessian[a * J + i]! -= weights[c]! * common;
      }
    }
  }
}
