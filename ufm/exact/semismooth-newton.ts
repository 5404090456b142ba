import type { ConvexProblem } from '../problem.js';
import { combine, copy, dot, zeroVariables, type BlockVariables } from './block-variables.js';
import { constantLogits } from './constant-logits.js';
import { MeanBlockObjective } from './mean-block-objective.js';
import { NewtonSystem } from './newton-system.js';
import { nuclearProx, type NuclearProx } from './nuclear-prox.js';

/** tau, in units of the scale below: the Hessian of the loss in the mean block is at most 1/4 of its inverse or so. */
const PROX_STEP = 4;
/** The most that a step may change a logit: beyond, exponentials have nothing in common with their expansion. */
const LONGEST_STEP = 5;
/** A step this many times too long is not scaled down but found again with more damping. */
const FAR_TOO_LONG = 4;
const MOST_DAMPING = 1e4;
const DAMPING_FACTOR = 10;
const SUFFICIENT_DECREASE = 1e-5;
const SHRINK = 0.4;
const MOST_SHRINKS = 14;
/** Squared residuals, relative to F, that are not worth an iteration: the certificate's rounding is above them. */
const ENOUGH = 1e-29;

/** How a search goes. */
export interface Care {
  readonly mostSteps: number;
  /** Conjugate gradient iterations of a step. */
  readonly mostIterations: number;
  /** Conjugate gradient iterations of all steps together, times J^3. */
  readonly mostWork: number;
  /** The first damping after none, relative to the curvature where predictions are undecided. */
  readonly leastDamping: number;
  /** Squared Newton decrement, relative to F, of a last step. */
  readonly lastDecrement: number;
  /** Whether a decrement counts as rounding in comparison with F, and not with one. */
  readonly isRelative: boolean;
  /** Whether systems are scaled, and the gain of a step decides on the next one's damping. */
  readonly isScaled: boolean;
}

/** Enough for nearly all. After its last step the next would be about that one's square, far below rounding. */
export const USUAL: Care = {
  mostSteps: 200,
  mostIterations: 500,
  mostWork: Infinity,
  leastDamping: 1e-4,
  lastDecrement: 1e-17,
  isRelative: false,
  isScaled: false,
};

/**
 * Damping as fine as the curvature of predictions that are wrong once in 1e12 samples. With a free bias, which can do what
 * the mean block does, dozens of clusters make systems that take thousands of iterations.
 */
export const FINE: Care = { ...USUAL, mostIterations: 3000, leastDamping: 1e-12, isRelative: true };

/**
 * Where a bias can do what the mean block does and lambda is tiny, uniform damping that keeps logits from running away holds
 * bias and mean block in their places. Scaled damping is a share of what is there, so a hundredth of it is little.
 */
export const SCALED: Care = { ...FINE, leastDamping: 1e-2, isScaled: true };

/** Gains as shares of the decrement, of which a quadratic gives half: above the one damping falls, below the other it grows. */
const GOOD_GAIN = 0.3;
const POOR_GAIN = 0.1;

/**
 * Semismooth Newton on the normal map of the nuclear norm's prox (Robinson, 1992; Milzarek & Ulbrich, SIAM J. Optim. 24,
 * 2014). The mean block is T = prox(X), the unknown is X, and the residual G(T) + (X - T)/tau. Where the rank settles
 * this is Newton's method on the manifold of that rank; where it has not, singular values of X cross the threshold.
 */
export class SemismoothNewton {
  steps = 0;
  /** The point: T in `mean`. */
  readonly point: BlockVariables;
  /** Whether the last step was one after which nothing but rounding is left. */
  hasConverged = false;
  readonly #care: Care;
  readonly #objective: MeanBlockObjective;
  readonly #system: NewtonSystem;
  readonly #J: number;
  readonly #lambda: number;
  readonly #tau: number;
  /** The direction of equal logits of all classes, of length one. */
  readonly #constant: Float64Array;
  #X: Float64Array;
  #prox: NuclearProx;
  #value: number;
  #damping = 0;
  readonly #right: BlockVariables;
  readonly #direction: BlockVariables;
  readonly #trial: BlockVariables;
  readonly #move: Float64Array;
  #trialX: Float64Array;

  constructor(problem: ConvexProblem, start: BlockVariables, care: Care) {
    this.#care = care;
    const J = problem.clusterCount;
    this.#objective = new MeanBlockObjective(problem);
    this.#J = J;
    this.#lambda = problem.lambda;
    this.#tau = PROX_STEP * inverseScale(problem);
    this.#system = new NewtonSystem(this.#objective, J, this.#tau, care.isScaled);
    this.point = zeroVariables(J);
    this.#right = zeroVariables(J);
    this.#direction = zeroVariables(J);
    this.#trial = zeroVariables(J);
    this.#move = new Float64Array(J * J);
    this.#trialX = new Float64Array(J * J);
    this.#X = new Float64Array(J * J);
    this.#constant = constantLogits(problem);
    copy(start, this.point);
    this.#objective.expand(this.point);
    const { gradient } = this.#objective;
    for (let at = 0; at < J * J; at++) {
      this.#X[at] = start.mean[at]! - this.#tau * gradient.mean[at]!;
    }
    this.#centre(this.#X);
    this.#prox = nuclearProx(this.#X, J, this.#tau * this.#lambda);
    this.point.mean.set(this.#prox.value);
    this.#value = this.#objective.expand(this.point) + this.#lambda * this.#prox.nuclearNorm;
  }

  /** The right singular vectors of the mean block and of its gradient, which at the optimum share them. */
  get rightSingularVectors(): Float64Array {
    return this.#prox.decomposition.right;
  }

  /** Steps until there is nothing left but rounding, or no step leads down. */
  run(): void {
    const { mostSteps, mostWork } = this.#care;
    const mostIterations = mostWork / this.#J ** 3;
    while (this.steps < mostSteps && this.#system.iterations < mostIterations && this.#step());
  }

  #step(): boolean {
    for (;;) {
      this.#system.setUp(this.#prox, this.#damping);
      const right = this.#negativeResidual();
      const { isScaled, mostIterations } = this.#care;
      const before = this.#value;
      const unit = isScaled ? before : 1;
      const step = this.#system.solve(right, ENOUGH * before, unit, mostIterations);
      const decrement = dot(step, right);
      this.steps++;
      const shrinks = this.#descend(step, decrement);
      this.hasConverged = decrement < this.#care.lastDecrement * this.#value;
      if (shrinks !== null) {
        const gain = isScaled ? (before - this.#value) / decrement : null;
        if (shrinks === 0 && (gain === null || gain > GOOD_GAIN)) this.#relax();
        else if (shrinks > 1 || (gain !== null && gain < POOR_GAIN)) this.#tighten();
        return !this.hasConverged;
      }
      if (this.hasConverged || this.#damping >= MOST_DAMPING) return false;
      this.#tighten();
    }
  }

  #relax(): void {
    const { leastDamping } = this.#care;
    this.#damping = this.#damping > leastDamping ? this.#damping / DAMPING_FACTOR : 0;
  }

  #tighten(): void {
    this.#damping = Math.max(this.#care.leastDamping, this.#damping * DAMPING_FACTOR);
  }

  /** The right-hand side, in the singular bases: there X - T is diagonal, so that it has all its digits. */
  #negativeResidual(): BlockVariables {
    const J = this.#J;
    const right = this.#right;
    const { gradient } = this.#objective;
    const { decomposition, threshold } = this.#prox;
    copy(gradient, right);
    this.#system.toBases(gradient.mean, right.mean);
    for (let r = 0; r < J; r++) {
      right.mean[r * (J + 1)]! += Math.min(decomposition.values[r]!, threshold) / this.#tau;
    }
    for (let i = 0; i < right.all.length; i++) right.all[i] = -right.all[i]!;
    return right;
  }

  /** Takes out what rounding adds along the constant logits, on which nothing but the norm depends. */
  #centre(X: Float64Array): void {
    const J = this.#J;
    for (let c = 0; c < J; c++) {
      let product = 0;
      for (let i = 0; i < J; i++) product += this.#constant[i]! * X[i * J + c]!;
      for (let i = 0; i < J; i++) X[i * J + c]! -= product * this.#constant[i]!;
    }
  }

  /**
   * Goes along the step until F is lower; returns how often it had to be shortened for that, or null when it goes nowhere:
   * the step is far too long, or does not lead down.
   */
  #descend(step: BlockVariables, decrement: number): number | null {
    const direction = this.#direction;
    const move = this.#move;
    copy(step, direction);
    this.#system.fromBases(step.mean, direction.mean);
    const largest = this.#objective.largestLogit(direction);
    if (largest > FAR_TOO_LONG * LONGEST_STEP) return null;
    this.#system.moveOfX(this.#right, step, move);
    this.#system.fromBases(move, move);
    let length = Math.min(1, LONGEST_STEP / largest);
    const trial = this.#trial;
    const unit = this.#care.isRelative ? this.#value : 1;
    for (let shrinks = 0; shrinks < MOST_SHRINKS; shrinks++, length *= SHRINK) {
      const prox = this.#tryStep(length);
      const value = this.#objective.expand(trial) + this.#lambda * prox.nuclearNorm;
      const decreases = value <= this.#value - SUFFICIENT_DECREASE * length * decrement;
      const level = this.#value + 2e-15 * Math.max(unit, this.#value);
      const isLevel = decrement < 1e-12 * unit && value <= level;
      if (decreases || isLevel) {
        copy(trial, this.point);
        [this.#X, this.#trialX] = [this.#trialX, this.#X];
        this.#prox = prox;
        this.#value = value;
        return shrinks;
      }
    }
    this.#objective.expand(this.point);
    return null;
  }

  /** Puts the trial so far along the step. */
  #tryStep(length: number): NuclearProx {
    const trial = this.#trial;
    copy(this.point, trial);
    combine(trial, 1, length, this.#direction);
    const X = this.#trialX;
    for (let at = 0; at < X.length; at++) X[at] = this.#X[at]! + length * this.#move[at]!;
    this.#centre(X);
    const near = this.#prox.decomposition.right;
    const prox = nuclearProx(X, this.#J, this.#tau * this.#lambda, near);
    trial.mean.set(prox.value);
    return prox;
  }
}

/** The least s_k^2 / c_k over the largest delta^2; N in the plain problem. */
function inverseScale({ totalMass, massPerScale, logitScales }: ConvexProblem): number {
  const most = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b));
  return totalMass / (most(massPerScale) * most(logitScales) ** 2);
}
