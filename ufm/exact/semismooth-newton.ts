import type { ConvexProblem } from '../problem.js';
import { combine, copy, dot, zeroVariables, type BlockVariables } from './block-variables.js';
import { MeanBlockObjective } from './mean-block-objective.js';
import { NewtonSystem } from './newton-system.js';
import { nuclearProx, type NuclearProx } from './nuclear-prox.js';

/** tau, in units of N: the Hessian of the loss in the mean block is at most 1 / (4 N) or so. */
const PROX_STEP = 4;
/** The most that a step may change a logit: beyond, exponentials have nothing in common with their expansion. */
const LONGEST_STEP = 5;
const MOST_STEPS = 200;
/** A step this many times too long is not scaled down but found again with more damping. */
const FAR_TOO_LONG = 4;
const LEAST_DAMPING = 1e-4;
const MOST_DAMPING = 1e4;
const DAMPING_FACTOR = 10;
const SUFFICIENT_DECREASE = 1e-5;
const SHRINK = 0.4;
const MOST_SHRINKS = 14;
/** Squared Newton decrement, relative to F, of a last step: the next would be about its square, far below rounding. */
const LAST_DECREMENT = 1e-17;

/**
 * Semismooth Newton on the normal map of the nuclear norm's prox (Robinson, 1992; Milzarek & Ulbrich, SIAM J. Optim. 24,
 * 2014). The mean block is T = prox(X), the unknown is X, and the residual G(T) + (X - T)/tau. Where the rank settles
 * this is Newton's method on the manifold of that rank; where it has not, singular values of X cross the threshold.
 */
export class SemismoothNewton {
  steps = 0;
  /** The point: T in `mean`. */
  readonly point: BlockVariables;
  readonly #objective: MeanBlockObjective;
  readonly #J: number;
  readonly #lambda: number;
  readonly #tau: number;
  readonly #X: Float64Array;
  /** The direction of equal logits of all classes, of length one. */
  readonly #constant: Float64Array;
  #prox: NuclearProx;
  #value: number;
  #damping = 0;

  constructor(problem: ConvexProblem, start: BlockVariables) {
    const J = problem.clusterCount;
    this.#objective = new MeanBlockObjective(problem);
    this.#J = J;
    this.#lambda = problem.lambda;
    this.#tau = PROX_STEP * problem.sampleCount;
    this.point = zeroVariables(J);
    copy(start, this.point);
    this.#X = new Float64Array(J * J);
    this.#constant = problem.classes.map((k) => Math.sqrt(k / problem.classCount));
    this.#objective.expand(this.point);
    const { gradient } = this.#objective;
    for (let at = 0; at < J * J; at++) {
      this.#X[at] = start.mean[at]! - this.#tau * gradient.mean[at]!;
    }
    this.#prox = nuclearProx(this.#centred(this.#X), J, this.#tau * this.#lambda);
    this.point.mean.set(this.#prox.value);
    this.#value = this.#objective.expand(this.point) + this.#lambda * this.#prox.nuclearNorm;
  }

  /** Steps until there is nothing left but rounding, or no step leads down. */
  run(): void {
    while (this.steps < MOST_STEPS && this.#step());
  }

  #step(): boolean {
    for (;;) {
      const system = new NewtonSystem(this.#objective, this.#prox, this.#tau, this.#damping);
      const right = this.#negativeResidual(system);
      const step = system.solve(right);
      const decrement = dot(step, right);
      this.steps++;
      const shrinks = this.#descend(system, right, step, decrement);
      if (shrinks !== null) {
        if (shrinks === 0) this.#relax();
        else if (shrinks > 1) this.#tighten();
        return !(decrement < LAST_DECREMENT * this.#value);
      }
      if (decrement < LAST_DECREMENT * this.#value || this.#damping >= MOST_DAMPING) return false;
      this.#tighten();
    }
  }

  #relax(): void {
    this.#damping = this.#damping > LEAST_DAMPING ? this.#damping / DAMPING_FACTOR : 0;
  }

  #tighten(): void {
    this.#damping = Math.max(LEAST_DAMPING, this.#damping * DAMPING_FACTOR);
  }

  /** The right-hand side, in the singular bases: there X - T is diagonal, so that it has all its digits. */
  #negativeResidual(system: NewtonSystem): BlockVariables {
    const J = this.#J;
    const { gradient } = this.#objective;
    const residual = zeroVariables(J);
    copy(gradient, residual);
    system.toBases(gradient.mean, residual.mean);
    const { decomposition, threshold } = this.#prox;
    decomposition.values.forEach((value, r) => {
      residual.mean[r * (J + 1)]! += Math.min(value, threshold) / this.#tau;
    });
    const right = zeroVariables(J);
    combine(right, 0, -1, residual);
    return right;
  }

  /** Takes out what rounding adds along the constant logits, on which nothing but the norm depends. */
  #centred(X: Float64Array): Float64Array {
    const J = this.#J;
    for (let c = 0; c < J; c++) {
      let product = 0;
      for (let i = 0; i < J; i++) product += this.#constant[i]! * X[i * J + c]!;
      for (let i = 0; i < J; i++) X[i * J + c]! -= product * this.#constant[i]!;
    }
    return X;
  }

  /**
   * Goes along the step until F is lower; returns how often it had to be shortened for that, or null when it goes nowhere:
   * the step is far too long, or does not lead down.
   */
  #descend(
    system: NewtonSystem,
    right: BlockVariables,
    step: BlockVariables,
    decrement: number,
  ): number | null {
    const J = this.#J;
    const direction = zeroVariables(J);
    copy(step, direction);
    system.fromBases(step.mean, direction.mean);
    const largest = this.#objective.largestLogit(direction);
    if (largest > FAR_TOO_LONG * LONGEST_STEP) return null;
    const move = new Float64Array(J * J);
    system.moveOfX(right, step, move);
    system.fromBases(move, move);
    let length = Math.min(1, LONGEST_STEP / largest);
    const trial = zeroVariables(J);
    for (let shrinks = 0; shrinks < MOST_SHRINKS; shrinks++, length *= SHRINK) {
      copy(this.point, trial);
      combine(trial, 1, length, direction);
      const X = this.#centred(this.#X.map((x, at) => x + length * move[at]!));
      const prox = nuclearProx(X, J, this.#tau * this.#lambda);
      trial.mean.set(prox.value);
      const value = this.#objective.expand(trial) + this.#lambda * prox.nuclearNorm;
      const decreases = value <= this.#value - SUFFICIENT_DECREASE * length * decrement;
      const isLevel = decrement < 1e-12 && value <= this.#value + 2e-15 * Math.max(1, this.#value);
      if (decreases || isLevel) {
        copy(trial, this.point);
        this.#X.set(X);
        this.#prox = prox;
        this.#value = value;
        return shrinks;
      }
    }
    this.#objective.expand(this.point);
    return null;
  }
}
