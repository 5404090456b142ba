import { factorize, solveFactorized } from '../linear-algebra/cholesky.js';
import { multiplyByTransposed } from '../linear-algebra/products.js';
import type { BlockVariables } from './block-variables.js';
import type { NuclearProx } from './nuclear-prox.js';

/** Ways of making up for a bias in the mean block: the share that samples of cluster c get of the bias of cluster i. */
const WAYS: readonly ((i: number, c: number, roots: Float64Array) => number)[] = [
  () => 1,
  (i, c) => (c >= i ? 1 : 0),
  (i, c, roots) => roots[i]! / (roots[i]! + roots[c]!),
];

/**
 * The directions in which a bias goes one way and the mean block the other, so that logits hardly change, though bias and
 * mean block are each stiff on their own: a preconditioner that takes them one by one leaves eigenvalues of 1e-7. Three for
 * each cluster: made up for at all samples, at those of clusters with as few samples or fewer, and in proportion to what
 * share of the two clusters' singular values is the own one. On their span the system is solved exactly.
 */
export class BiasDirections {
  readonly #J: number;
  readonly #count: number;
  readonly #roots: Float64Array;
  /** For each way, [i J + j]: the row of cluster i in the right singular basis. */
  readonly #rows: readonly Float64Array[];
  readonly #factor: Float64Array;
  readonly #parts: Float64Array;
  readonly #sum: Float64Array;
  readonly #product: Float64Array;
  #prox!: NuclearProx;
  readonly #transposedLeft: Float64Array;

  constructor(roots: Float64Array) {
    const J = roots.length;
    this.#J = J;
    this.#count = WAYS.length * J;
    this.#roots = roots;
    this.#rows = WAYS.map(() => new Float64Array(J * J));
    this.#factor = new Float64Array(this.#count ** 2);
    this.#parts = new Float64Array(this.#count);
    this.#sum = new Float64Array(J * J);
    this.#product = new Float64Array(J * J);
    this.#transposedLeft = new Float64Array(J * J);
  }

  /** Takes the system in: `apply` multiplies `direction` by it and leaves that in `image`, both in the singular bases. */
  setUp(
    prox: NuclearProx,
    apply: () => void,
    direction: BlockVariables,
    image: BlockVariables,
  ): void {
    const count = this.#count;
    const parts = this.#parts;
    const matrix = this.#factor;
    this.#prox = prox;
    this.#turn();
    for (let d = 0; d < count; d++) {
      direction.all.fill(0);
      parts.fill(0);
      parts[d] = 1;
      this.#combine(direction);
      apply();
      this.#project(image);
      for (let e = 0; e < count; e++) matrix[e * count + d] = parts[e]!;
    }
    for (let d = 0; d < count; d++) {
      for (let e = 0; e < d; e++) {
        matrix[d * count + e] = (matrix[d * count + e]! + matrix[e * count + d]!) / 2;
      }
    }
    factorize(matrix, count, count);
  }

  /** Adds the solution on the span to `into`. */
  addSolution(residual: BlockVariables, into: BlockVariables): void {
    this.#project(residual);
    solveFactorized(this.#factor, this.#count, this.#count, this.#parts);
    this.#combine(into);
  }

  /** Turns the rows into the right singular basis. */
  #turn(): void {
    const J = this.#J;
    const { left, right } = this.#prox.decomposition;
    const weighted = this.#sum;
    WAYS.forEach((share, way) => {
      for (let i = 0; i < J; i++) {
        for (let c = 0; c < J; c++) {
          weighted[i * J + c] = share(i, c, this.#roots) * this.#roots[c]!;
        }
      }
      multiplyByTransposed(weighted, right, this.#rows[way]!, J);
    });
    for (let r = 0; r < J; r++) {
      for (let i = 0; i < J; i++) this.#transposedLeft[i * J + r] = left[r * J + i]!;
    }
  }

  /** Adds the combination of the directions by #parts to `into`; entries that cannot move stay. */
  #combine(into: BlockVariables): void {
    const J = this.#J;
    const { rank, decomposition } = this.#prox;
    const sum = this.#sum.fill(0);
    this.#rows.forEach((rows, way) => {
      for (let i = 0; i < J; i++) {
        const part = this.#parts[way * J + i]!;
        into.bias[i]! += part;
        for (let j = 0; j < J; j++) sum[j * J + i]! -= part * rows[i * J + j]!;
      }
    });
    multiplyByTransposed(decomposition.left, sum, this.#product, J);
    for (let r = 0; r < J; r++) {
      const end = r < rank ? J : rank;
      for (let j = 0; j < end; j++) into.mean[r * J + j]! += this.#product[r * J + j]!;
    }
  }

  /** Leaves the products of the directions with x, which has no entries that cannot move, in #parts. */
  #project({ mean, bias }: BlockVariables): void {
    const J = this.#J;
    const transposed = this.#sum;
    for (let r = 0; r < J; r++) {
      for (let j = 0; j < J; j++) transposed[j * J + r] = mean[r * J + j]!;
    }
    multiplyByTransposed(this.#transposedLeft, transposed, this.#product, J);
    this.#rows.forEach((rows, way) => {
      for (let i = 0; i < J; i++) {
        let part = bias[i]!;
        for (let j = 0; j < J; j++) part -= this.#product[i * J + j]! * rows[i * J + j]!;
        this.#parts[way * J + i] = part;
      }
    });
  }
}
