import { solvePositiveDefinite } from '../linear-algebra/cholesky.js';

/** A convex function of a few variables, smooth where it is asked. */
export interface SmoothObjective {
  /** The value; leaves the gradient and the Hessian's lower triangle in the fields. */
  expand(x: Float64Array): number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/** How a run ended: at a minimum to working precision, at the caller's word, or short of either. */
export type NewtonEnd = 'converged' | 'refused' | 'stalled';

/** No variable moves further than this in a step: beyond, exponentials have nothing in common with their expansion. */
const LONGEST_STEP = 8;
const MOST_ITERATIONS = 120;
const SUFFICIENT_DECREASE = 1e-4;
const SHRINK = 0.4;
const MOST_SHRINKS = 30;
/** Squared Newton decrements, relative to F: the next is below rounding; and rounding may be all that is left. */
const QUADRATIC = 1e-22;
const ROUNDING = 1e-16;

/**
 * Minimises a smooth convex function over some of its variables by Newton's method with a backtracking line search.
 * Allocates only when it is made.
 */
export class DampedNewton {
  iterations = 0;
  readonly #size: number;
  readonly #factor: Float64Array;
  readonly #step: Float64Array;
  readonly #trial: Float64Array;

  constructor(size: number) {
    this.#size = size;
    this.#factor = new Float64Array(size * size);
    this.#step = new Float64Array(size);
    this.#trial = new Float64Array(size);
  }

  /**
   * Moves x to the minimum over the first `count` variables named in `free`. `refuses` sees each full step, in the order
   * of `free`, before it is taken and may end the run.
   */
  minimize(
    objective: SmoothObjective,
    x: Float64Array,
    free: Int32Array,
    count: number,
    refuses: ((step: Float64Array) => boolean) | null,
  ): NewtonEnd {
    let value = objective.expand(x);
    let small = 0;
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      this.iterations++;
      const decrement = this.#direction(objective, free, count);
      if (refuses?.(this.#step)) return 'refused';
      const reached = this.#descend(objective, x, free, count, value, decrement);
      if (reached === null) return decrement < 1e-12 ? 'converged' : 'stalled';
      value = reached;
      if (decrement < QUADRATIC * value) return 'converged';
      if (decrement < ROUNDING * value && ++small > 2) return 'converged';
    }
    return 'stalled';
  }

  /** Leaves the Newton step in #step; returns the squared Newton decrement. */
  #direction({ gradient, hessian }: SmoothObjective, free: Int32Array, count: number): number {
    const size = this.#size;
    for (let i = 0; i < count; i++) {
      this.#step[i] = -gradient[free[i]!]!;
      for (let j = 0; j <= i; j++) {
        this.#factor[i * size + j] = hessian[free[i]! * size + free[j]!]!;
      }
    }
    solvePositiveDefinite(this.#factor, size, count, this.#step);
    let decrement = 0;
    for (let i = 0; i < count; i++) decrement -= this.#step[i]! * gradient[free[i]!]!;
    return decrement;
  }

  /** Moves x down along the step and expands the objective there; null when no length leads down. */
  #descend(
    objective: SmoothObjective,
    x: Float64Array,
    free: Int32Array,
    count: number,
    value: number,
    decrement: number,
  ): number | null {
    let longest = 0;
    for (let i = 0; i < count; i++) longest = Math.max(longest, Math.abs(this.#step[i]!));
    let length = longest > LONGEST_STEP ? LONGEST_STEP / longest : 1;
    const trial = this.#trial;
    for (let shrinks = 0; shrinks < MOST_SHRINKS; shrinks++, length *= SHRINK) {
      for (let i = 0; i < x.length; i++) trial[i] = x[i]!;
      for (let i = 0; i < count; i++) trial[free[i]!]! += length * this.#step[i]!;
      // Nearly every first trial is accepted, and its derivatives are wanted next.
      const reached = objective.expand(trial);
      const decreases = reached <= value - SUFFICIENT_DECREASE * length * decrement;
      const isLevel = decrement < 1e-11 && reached <= value + 2e-15 * Math.max(value, 1e-3);
      if (decreases || isLevel) {
        for (let i = 0; i < x.length; i++) x[i] = trial[i]!;
        return reached;
      }
    }
    return null;
  }
}
