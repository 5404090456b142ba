import { multiplyByTransposed, transpose } from '../linear-algebra/products.js';
import {
  addProducts,
  combine,
  copy,
  dot,
  zeroVariables,
  type BlockVariables,
} from './block-variables.js';
import type { MeanBlockObjective } from './mean-block-objective.js';
import { canMove, proxCurvature, type NuclearProx } from './nuclear-prox.js';
import { addImage, inverseMap, type PairwiseMap } from './pairwise-map.js';

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
  readonly #prox: NuclearProx;
  readonly #inverseTau: number;
  readonly #curvature: PairwiseMap;
  readonly #damping: BlockVariables;
  /** Of the system's diagonal; the mean block's is that of the 2 x 2 blocks. */
  readonly #inverse: BlockVariables;
  readonly #inverseOfPairs: PairwiseMap;
  readonly #rotated: BlockVariables;
  readonly #curved: BlockVariables;
  readonly #transposedLeft: Float64Array;
  readonly #transposedRight: Float64Array;
  readonly #scratch: Float64Array;

  constructor(objective: MeanBlockObjective, prox: NuclearProx, tau: number, damping: number) {
    const J = prox.decomposition.values.length;
    this.#objective = objective;
    this.#J = J;
    this.#prox = prox;
    this.#inverseTau = 1 / tau;
    this.#curvature = proxCurvature(prox);
    this.#damping = objective.scale(damping);
    this.#rotated = zeroVariables(J);
    this.#curved = zeroVariables(J);
    this.#transposedLeft = transpose(prox.decomposition.left, J);
    this.#transposedRight = transpose(prox.decomposition.right, J);
    this.#scratch = new Float64Array(J * J);

    const diagonal = zeroVariables(J);
    objective.diagonal(prox.decomposition.left, prox.decomposition.right, diagonal);
    combine(diagonal, 1, 1, this.#damping);
    const { direct, swapped } = this.#curvature;
    const pairs = {
      direct: direct.map((pull, at) => pull / tau + diagonal.mean[at]!),
      swapped: swapped.map((pull) => pull / tau),
    };
    this.#inverseOfPairs = inverseMap(pairs, J, (i, j) => canMove(prox, i, j));
    this.#inverse = zeroVariables(J);
    this.#inverse.contrast.set(diagonal.contrast.map((entry) => 1 / entry));
    this.#inverse.bias.set(diagonal.bias.map((entry) => 1 / entry));
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
    this.#restrict(residual.mean);
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
      combine(step, 1, length, direction);
      combine(residual, 1, -length, image);
      this.#precondition(residual, preconditioned);
      const next = dot(residual, preconditioned);
      combine(direction, next / size, 1, preconditioned);
      size = next;
    }
    return step;
  }

  /** The Hessian of the smooth part times a step, all in the singular bases. */
  #curve(step: BlockVariables, into: BlockVariables): void {
    this.fromBases(step.mean, this.#rotated.mean);
    this.#rotated.contrast.set(step.contrast);
    this.#rotated.bias.set(step.bias);
    this.#objective.curve(this.#rotated, this.#curved);
    copy(this.#curved, into);
    this.toBases(this.#curved.mean, into.mean);
  }

  /** dX of a step, all in the singular bases: (1 + E) dT where T can move, and what is left of the residual elsewhere. */
  moveOfX(right: BlockVariables, step: BlockVariables, into: Float64Array): void {
    const J = this.#J;
    const curved = zeroVariables(J);
    this.#curve(step, curved);
    for (let i = 0; i < J; i++) {
      for (let j = 0; j < J; j++) {
        const at = i * J + j;
        into[at] = canMove(this.#prox, i, j)
          ? step.mean[at]!
          : (right.mean[at]! - curved.mean[at]!) / this.#inverseTau;
      }
    }
    addImage(this.#curvature, 1, step.mean, into, J);
  }

  /** left M right' */
  toBases(M: Float64Array, into: Float64Array): void {
    const { left, right } = this.#prox.decomposition;
    multiplyByTransposed(right, M, this.#scratch, this.#J);
    multiplyByTransposed(left, this.#scratch, into, this.#J);
  }

  /** left' M right */
  fromBases(M: Float64Array, into: Float64Array): void {
    multiplyByTransposed(this.#transposedRight, M, this.#scratch, this.#J);
    multiplyByTransposed(this.#transposedLeft, this.#scratch, into, this.#J);
  }

  #apply(direction: BlockVariables, into: BlockVariables): void {
    this.#curve(direction, into);
    addImage(this.#curvature, this.#inverseTau, direction.mean, into.mean, this.#J);
    addProducts(into, this.#damping, direction);
    this.#restrict(into.mean);
  }

  #precondition(x: BlockVariables, into: BlockVariables): void {
    into.all.fill(0);
    addProducts(into, this.#inverse, x);
    addImage(this.#inverseOfPairs, 1, x.mean, into.mean, this.#J);
  }

  /** Drops the entries that cannot move. */
  #restrict(mean: Float64Array): void {
    const { rank } = this.#prox;
    for (let i = rank; i < this.#J; i++) mean.fill(0, i * this.#J + rank, (i + 1) * this.#J);
  }
}
