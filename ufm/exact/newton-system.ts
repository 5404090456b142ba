import { add, copy, dot, zeroVariables, type BlockVariables } from './block-variables.js';
import type { MeanBlockObjective } from './mean-block-objective.js';
import { proxCurvature, type NuclearProx, type ProxCurvature } from './nuclear-prox.js';

const MOST_ITERATIONS = 500;

/**
 * The linear system of a semismooth Newton step. In T = prox(X) the optimality condition is R = G(T) + (X - T)/tau = 0,
 * and with dX = (1 + E) dT where T can move, the step solves
 *
 *     (Hessian + E / tau) (dT, d contrast, d bias) = -(R, slopes)
 *
 * The mean block is in the singular bases of X, where E is diagonal but for pairs (i, j), (j, i); entries that cannot
 * move are zero. The system is symmetric and positive semidefinite. Damping adds a multiple of the Hessian's scale where
 * predictions are undecided: it keeps steps short along directions in which saturated predictions leave no curvature.
 */
export class NewtonSystem {
  readonly #objective: MeanBlockObjective;
  readonly #J: number;
  readonly #inverseTau: number;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #rank: number;
  readonly #curvature: ProxCurvature;
  readonly #diagonal: BlockVariables;
  readonly #damping: BlockVariables;
  readonly #rotated: BlockVariables;
  readonly #curved: BlockVariables;
  readonly #scratch: Float64Array;

  constructor(objective: MeanBlockObjective, prox: NuclearProx, tau: number, damping: number) {
    const J = prox.decomposition.values.length;
    this.#objective = objective;
    this.#J = J;
    this.#inverseTau = 1 / tau;
    this.#left = prox.decomposition.left;
    this.#right = prox.decomposition.right;
    this.#rank = prox.rank;
    this.#curvature = proxCurvature(prox);
    this.#diagonal = zeroVariables(J);
    this.#rotated = zeroVariables(J);
    this.#curved = zeroVariables(J);
    this.#scratch = new Float64Array(J * J);
    objective.diagonal(this.#left, this.#right, this.#diagonal);
    this.#damping = objective.scale(damping);
    add(this.#diagonal, 1, this.#damping);
  }

  /**
   * The step, by preconditioned conjugate gradients, with `right` in the singular bases. The smaller the residual, the
   * more of it goes, so that the steps converge faster than linearly.
   */
  solve(right: BlockVariables): BlockVariables {
    const J = this.#J;
    const step = zeroVariables(J);
    const residual = zeroVariables(J);
    const preconditioned = zeroVariables(J);
    const direction = zeroVariables(J);
    const image = zeroVariables(J);
    copy(right, residual);
    this.#restrict(residual);
    this.#precondition(residual, preconditioned);
    copy(preconditioned, direction);
    let size = dot(residual, preconditioned);
    const tolerance = Math.max(1e-10, Math.min(0.05, Math.sqrt(size)));
    const enough = tolerance * tolerance * size;
    let iterations = 0;
    while (size > enough && iterations < MOST_ITERATIONS) {
      iterations++;
      this.#apply(direction, image);
      const curvature = dot(direction, image);
      if (!(curvature > 0)) break;
      const length = size / curvature;
      add(step, length, direction);
      add(residual, -length, image);
      this.#precondition(residual, preconditioned);
      const next = dot(residual, preconditioned);
      const share = next / size;
      scaleAndAdd(direction, share, preconditioned);
      size = next;
    }
    return step;
  }

  /** The Hessian of the smooth part times a step, all in the singular bases. */
  curve(step: BlockVariables, into: BlockVariables): void {
    this.fromBases(step.mean, this.#rotated.mean);
    this.#rotated.contrast.set(step.contrast);
    this.#rotated.bias.set(step.bias);
    this.#objective.curve(this.#rotated, this.#curved);
    this.toBases(this.#curved.mean, into.mean);
    into.contrast.set(this.#curved.contrast);
    into.bias.set(this.#curved.bias);
  }

  /** (1 + E) dT at an entry that can move. */
  moveOfX(step: BlockVariables, i: number, j: number): number {
    const J = this.#J;
    const { direct, swapped } = this.#curvature;
    const at = i * J + j;
    return step.mean[at]! * (1 + direct[at]!) + swapped[at]! * step.mean[j * J + i]!;
  }

  canMove(i: number, j: number): boolean {
    return i < this.#rank || j < this.#rank;
  }

  /** left M right' */
  toBases(M: Float64Array, into: Float64Array): void {
    const J = this.#J;
    multiply(this.#left, M, this.#scratch, J);
    multiplyTransposed(this.#scratch, this.#right, into, J);
  }

  /** left' M right */
  fromBases(M: Float64Array, into: Float64Array): void {
    const J = this.#J;
    multiply(M, this.#right, this.#scratch, J);
    transposedMultiply(this.#left, this.#scratch, into, J);
  }

  #apply(direction: BlockVariables, into: BlockVariables): void {
    const J = this.#J;
    const { direct, swapped } = this.#curvature;
    this.curve(direction, into);
    for (let i = 0; i < J; i++) {
      for (let j = 0; j < J; j++) {
        const at = i * J + j;
        const pull = direct[at]! * direction.mean[at]! + swapped[at]! * direction.mean[j * J + i]!;
        into.mean[at]! += this.#inverseTau * pull;
      }
    }
    addProducts(this.#damping, direction, into);
    this.#restrict(into);
  }

  #restrict(x: BlockVariables): void {
    const J = this.#J;
    for (let i = this.#rank; i < J; i++) {
      for (let j = this.#rank; j < J; j++) x.mean[i * J + j] = 0;
    }
  }

  /** Divides by the diagonal, and by its 2 x 2 blocks for the pairs (i, j), (j, i) that the prox couples. */
  #precondition(x: BlockVariables, into: BlockVariables): void {
    const J = this.#J;
    const { direct, swapped } = this.#curvature;
    const { mean, contrast, bias } = this.#diagonal;
    for (let i = 0; i < J; i++) {
      into.contrast[i] = x.contrast[i]! / contrast[i]!;
      into.bias[i] = x.bias[i]! / bias[i]!;
      for (let j = 0; j <= i; j++) {
        const [ij, ji] = [i * J + j, j * J + i];
        const first = mean[ij]! + this.#inverseTau * direct[ij]!;
        const second = mean[ji]! + this.#inverseTau * direct[ji]!;
        if (i === j || !this.canMove(i, j)) {
          into.mean[ij] = this.canMove(i, j) ? x.mean[ij]! / first : 0;
          into.mean[ji] = into.mean[ij];
          continue;
        }
        const across = this.#inverseTau * swapped[ij]!;
        const determinant = first * second - across * across;
        into.mean[ij] = (second * x.mean[ij]! - across * x.mean[ji]!) / determinant;
        into.mean[ji] = (first * x.mean[ji]! - across * x.mean[ij]!) / determinant;
      }
    }
  }
}

function addProducts(a: BlockVariables, b: BlockVariables, into: BlockVariables): void {
  for (const part of ['mean', 'contrast', 'bias'] as const) {
    for (let i = 0; i < into[part].length; i++) into[part][i]! += a[part][i]! * b[part][i]!;
  }
}

function scaleAndAdd(x: BlockVariables, factor: number, by: BlockVariables): void {
  for (const part of ['mean', 'contrast', 'bias'] as const) {
    for (let i = 0; i < x[part].length; i++) x[part][i] = x[part][i]! * factor + by[part][i]!;
  }
}

function multiply(A: Float64Array, B: Float64Array, into: Float64Array, n: number): void {
  into.fill(0);
  for (let i = 0; i < n; i++) {
    for (let q = 0; q < n; q++) {
      const a = A[i * n + q]!;
      if (a === 0) continue;
      for (let j = 0; j < n; j++) into[i * n + j]! += a * B[q * n + j]!;
    }
  }
}

/** A' B */
function transposedMultiply(A: Float64Array, B: Float64Array, into: Float64Array, n: number): void {
  into.fill(0);
  for (let q = 0; q < n; q++) {
    for (let i = 0; i < n; i++) {
      const a = A[q * n + i]!;
      if (a === 0) continue;
      for (let j = 0; j < n; j++) into[i * n + j]! += a * B[q * n + j]!;
    }
  }
}

/** A B' */
function multiplyTransposed(A: Float64Array, B: Float64Array, into: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let q = 0; q < n; q++) sum += A[i * n + q]! * B[j * n + q]!;
      into[i * n + j] = sum;
    }
  }
}
