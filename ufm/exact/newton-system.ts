import { multiplyByTransposed } from '../linear-algebra/products.js';
import { BiasDirections } from './bias-directions.js';
import { zeroVariables, type BlockVariables } from './block-variables.js';
import type { MeanBlockObjective } from './mean-block-objective.js';
import { canMove, dampCurvature, proxCurvature, type NuclearProx } from './nuclear-prox.js';
import { addImage, invertShifted, zeroMap, type PairwiseMap } from './pairwise-map.js';

/** Of the residual an early step leaves this share at most, in the norm of the preconditioner. */
const LARGEST_SHARE = 0.05;

/**
 * The linear system of a semismooth Newton step. In T = prox(X) the optimality condition is R = G(T) + (X - T)/tau = 0,
 * and with dX = (1 + E) dT where T can move, the step solves
 *
 *     (Hessian + E / tau) (dT, d contrast, d bias) = -(R, slopes)
 *
 * The mean block is in the singular bases of X, where E is diagonal but for pairs (i, j), (j, i); entries that cannot
 * move are zero. The system is symmetric and positive semidefinite. Damping adds a multiple of the Hessian's scale where
 * predictions are undecided: it keeps steps short along directions in which saturated predictions leave no curvature.
 *
 * A scaled system is damped in proportion to what is there, logits to their probabilities and the mean block to lambda over
 * its singular values, and its preconditioner knows what a bias can do in the mean block's place.
 *
 * One system takes any number of steps, one after the other; what it returns is valid until the next.
 */
export class NewtonSystem {
  /** Conjugate gradient iterations so far. */
  iterations = 0;
  readonly #objective: MeanBlockObjective;
  readonly #J: number;
  readonly #inverseTau: number;
  readonly #scale: Float64Array;
  #prox!: NuclearProx;
  readonly #isScaled: boolean;
  #damping = 0;
  /** E, and E with a scaled system's damping. */
  readonly #curvature: PairwiseMap;
  readonly #dampedCurvature: PairwiseMap;
  readonly #biasDirections: BiasDirections | null;
  /** Of the system's diagonal; the mean block's is that of the 2 x 2 blocks. */
  readonly #inverse: BlockVariables;
  readonly #inverseOfPairs: PairwiseMap;
  readonly #transposedLeft: Float64Array;
  readonly #transposedRight: Float64Array;
  readonly #scratch: Float64Array;
  readonly #rotated: BlockVariables;
  readonly #step: BlockVariables;
  readonly #residual: BlockVariables;
  readonly #preconditioned: BlockVariables;
  readonly #direction: BlockVariables;
  readonly #image: BlockVariables;

  constructor(objective: MeanBlockObjective, J: number, tau: number, isScaled: boolean) {
    this.#isScaled = isScaled;
    this.#objective = objective;
    this.#J = J;
    this.#inverseTau = 1 / tau;
    this.#scale = objective.scale().all;
    this.#curvature = zeroMap(J);
    this.#dampedCurvature = isScaled ? zeroMap(J) : this.#curvature;
    const hasDirections = isScaled && objective.hasBias;
    this.#biasDirections = hasDirections ? new BiasDirections(objective.rootsOfSamples()) : null;
    this.#inverseOfPairs = zeroMap(J);
    this.#inverse = zeroVariables(J);
    this.#transposedLeft = new Float64Array(J * J);
    this.#transposedRight = new Float64Array(J * J);
    this.#scratch = new Float64Array(J * J);
    this.#rotated = zeroVariables(J);
    this.#step = zeroVariables(J);
    this.#residual = zeroVariables(J);
    this.#preconditioned = zeroVariables(J);
    this.#direction = zeroVariables(J);
    this.#image = zeroVariables(J);
  }

  /** Sets the system up where the objective was expanded last, at T of this prox. */
  setUp(prox: NuclearProx, damping: number): void {
    const J = this.#J;
    const { left, right } = prox.decomposition;
    this.#prox = prox;
    this.#damping = damping;
    transposeInto(left, this.#transposedLeft, J);
    transposeInto(right, this.#transposedRight, J);
    proxCurvature(prox, this.#curvature);
    const diagonal = this.#inverse;
    this.#objective.diagonal(left, right, diagonal);
    if (this.#isScaled) {
      dampCurvature(prox, damping, this.#curvature, this.#dampedCurvature);
      this.#objective.addDiagonalOfDamping(damping, left, right, diagonal);
    } else {
      for (let i = 0; i < diagonal.all.length; i++) diagonal.all[i]! += damping * this.#scale[i]!;
    }
    invertShifted(
      diagonal.mean,
      this.#inverseTau,
      this.#dampedCurvature,
      J,
      prox.rank,
      this.#inverseOfPairs,
    );
    diagonal.mean.fill(0);
    for (let i = J * J; i < diagonal.all.length; i++) diagonal.all[i] = 1 / diagonal.all[i]!;
    this.#biasDirections?.setUp(prox, () => this.#apply(), this.#direction, this.#image);
  }

  /**
   * The step, by preconditioned conjugate gradients, with `right` in the singular bases. The smaller the residual, the
   * more of it goes, so that the steps converge faster than linearly; but a square of it below `enough` is left. A square
   * is small in comparison with `unit`.
   */
  solve(
    right: BlockVariables,
    enough: number,
    unit: number,
    mostIterations: number,
  ): BlockVariables {
    const step = this.#step.all.fill(0);
    const residual = this.#residual.all;
    const preconditioned = this.#preconditioned.all;
    const direction = this.#direction.all;
    const image = this.#image.all;
    residual.set(right.all);
    this.#restrict(this.#residual.mean);
    let size = this.#precondition();
    direction.set(preconditioned);
    const goal = Math.max(enough, size * Math.min(LARGEST_SHARE ** 2, size / unit));
    for (let iteration = 0; size > goal && iteration < mostIterations; iteration++) {
      const curvature = this.#apply();
      this.iterations++;
      if (!(curvature > 0)) break;
      const length = size / curvature;
      for (let i = 0; i < step.length; i++) {
        step[i]! += length * direction[i]!;
        residual[i]! -= length * image[i]!;
      }
      const next = this.#precondition();
      const ratio = next / size;
      for (let i = 0; i < step.length; i++) {
        direction[i] = ratio * direction[i]! + preconditioned[i]!;
      }
      size = next;
    }
    return this.#step;
  }

  /** dX of a step, all in the singular bases: (1 + E) dT where T can move, and what is left of the residual elsewhere. */
  moveOfX(right: BlockVariables, step: BlockVariables, into: Float64Array): void {
    const J = this.#J;
    const curved = this.#image;
    this.#curve(step, curved, 0);
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

  /** The Hessian of the smooth part, with this much scaled damping, times a step, all in the singular bases. */
  #curve(step: BlockVariables, into: BlockVariables, damping: number): void {
    const rotated = this.#rotated;
    this.fromBases(step.mean, rotated.mean);
    for (let i = rotated.mean.length; i < rotated.all.length; i++) rotated.all[i] = step.all[i]!;
    this.#objective.curve(rotated, into);
    if (damping > 0) this.#objective.addDamping(damping, rotated, into);
    this.toBases(into.mean, into.mean);
  }

  /** Leaves the system times the direction in #image; returns its product with the direction. */
  #apply(): number {
    const direction = this.#direction;
    const image = this.#image;
    this.#curve(direction, image, this.#isScaled ? this.#damping : 0);
    addImage(this.#dampedCurvature, this.#inverseTau, direction.mean, image.mean, this.#J);
    this.#restrict(image.mean);
    const along = direction.all;
    const bent = image.all;
    const scale = this.#scale;
    const damping = this.#isScaled ? 0 : this.#damping;
    let curvature = 0;
    for (let i = 0; i < bent.length; i++) {
      const entry = bent[i]! + damping * scale[i]! * along[i]!;
      bent[i] = entry;
      curvature += entry * along[i]!;
    }
    return curvature;
  }

  /** Leaves the preconditioned residual in #preconditioned; returns its product with the residual. */
  #precondition(): number {
    const residual = this.#residual.all;
    const into = this.#preconditioned.all;
    const inverse = this.#inverse.all;
    for (let i = 0; i < into.length; i++) into[i] = inverse[i]! * residual[i]!;
    addImage(this.#inverseOfPairs, 1, this.#residual.mean, this.#preconditioned.mean, this.#J);
    this.#biasDirections?.addSolution(this.#residual, this.#preconditioned);
    let size = 0;
    for (let i = 0; i < into.length; i++) size += into[i]! * residual[i]!;
    return size;
  }

  /** Drops the entries that cannot move. */
  #restrict(mean: Float64Array): void {
    const J = this.#J;
    const { rank } = this.#prox;
    for (let i = rank; i < J; i++) {
      for (let j = rank; j < J; j++) mean[i * J + j] = 0;
    }
  }
}

function transposeInto(matrix: Float64Array, into: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) into[j * n + i] = matrix[i * n + j]!;
  }
}
