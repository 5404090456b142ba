import type { BlockLogits } from '../blocks.js';
import { rowProducts, transpose } from '../linear-algebra/products.js';
import { singularValues } from '../linear-algebra/singular-values.js';
import { meanBlock } from '../objective.js';
import type { ConvexProblem } from '../problem.js';
import type { Gram } from './gram.js';

/** Gram matrices of the classes' vectors in W, H, Z and Y, and the singular values of Y = Z diag(s). */
export interface BalancedGrams {
  readonly W: Gram;
  readonly H: Gram;
  readonly Z: Gram;
  readonly rowsOfY: Gram;
  readonly columnsOfY: Gram;
  /** J values: of each cluster's contrast, k_a - 1 times; and J values of the mean block, descending. */
  readonly contrasts: Float64Array;
  readonly means: Float64Array;
}

/**
 * The Gram matrices of the balanced factors of blocks of logits: with Y = U S V',
 *
 *     W = ratio^(1/2) U S^(1/2),    H diag(s) = ratio^(-1/2) S^(1/2) V',    ratio = sqrt(lambdaH / lambdaW)
 *
 * are the least costly of all with this Z. Needs J x J matrices only; the other K - J singular vectors are contrasts.
 */
export function balancedGrams(
  problem: ConvexProblem,
  blocks: BlockLogits,
  ratio: number,
): BalancedGrams {
  const { clusterCount: J, classes, squaredScales } = problem;
  const { values, left, right } = singularValues(meanBlock(problem, blocks), J, blocks.basis);
  const contrast = blocks.contrast.map((s, a) => Math.abs(s) * Math.sqrt(squaredScales[a]!));
  const squares = contrast.map((s) => s * s);

  /** Products of the classes' rows of vectors diag(weights) vectors', each row of a cluster divided by its length. */
  const products = (vectors: Float64Array, weights: Float64Array, lengths: Float64Array) =>
    rowProducts(transpose(vectors, J), J, weights).map(
      (product, at) => product / (lengths[Math.floor(at / J)]! * lengths[at % J]!),
    );
  const rootClasses = classes.map(Math.sqrt);
  const rootMass = classes.map((k, a) => Math.sqrt(k * squaredScales[a]!));
  const scaled = (gram: Float64Array, factor: number) => gram.map((product) => product * factor);
  const squaredValues = values.map((value) => value * value);
  return {
    W: {
      classes,
      within: scaled(contrast, ratio),
      between: scaled(products(left, values, rootClasses), ratio),
    },
    H: {
      classes,
      within: contrast.map((s, a) => s / (squaredScales[a]! * ratio)),
      between: scaled(products(right, values, rootMass), 1 / ratio),
    },
    Z: {
      classes,
      within: blocks.contrast.map((s) => s * s),
      between: rowProducts(blocks.mean, J, classes),
    },
    rowsOfY: { classes, within: squares, between: products(left, squaredValues, rootClasses) },
    columnsOfY: { classes, within: squares, between: products(right, squaredValues, rootClasses) },
    contrasts: contrast,
    means: values,
  };
}
