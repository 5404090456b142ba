import type { Cluster, Instance } from '../study/instance.js';
import { averageByCluster, type BlockLogits } from './blocks.js';
import { contrastOfCluster, scaleColumns } from './geometry/contrast.js';
import { gramsOfClasses, norms, type Gram } from './geometry/gram.js';
import { shapeOf } from './geometry/shape.js';
import { rowProducts, transpose } from './linear-algebra/products.js';
import { singularValues } from './linear-algebra/singular-values.js';
import { meanBlock } from './objective.js';
import { convexProblem } from './problem.js';
import type { CosineTable } from './solution.js';

/** What the shapes of W, H and Z = W H say; each field is documented in `Solution`, and none is missing here. */
export interface Geometry {
  readonly rank: number;
  readonly singularValues: readonly number[];
  readonly contrasts: readonly (number | null)[];
  readonly cosW: CosineTable;
  readonly cosH: CosineTable;
  readonly cosZ: CosineTable;
  readonly normW: readonly number[];
  readonly normH: readonly number[];
  readonly normZ: readonly number[];
  readonly bias: readonly number[] | null;
  readonly etfDistanceW: number | null;
  readonly etfDistanceH: number | null;
  readonly etfDistanceZ: number | null;
}

/** An iterate as the tensor solver leaves it. */
export interface Factors {
  /** W, K x d, row-major. */
  readonly weights: Float64Array;
  /** Class means of the features, d x K, row-major. */
  readonly means: Float64Array;
  /** Z = W H, K x K, row-major. */
  readonly logits: Float64Array;
  /** K values; null without a bias. */
  readonly bias: Float64Array | null;
}

/**
 * Singular values of Y = Z diag(s) count as zero up to this times the largest scale s, sqrt(n_max) where no feature
 * penalties are: N times the largest of the clusters' thresholds; so does a class's row of W and Z where its row of Y is that short, and its column of H where Y's is.
 */
const RANK_TOLERANCE = 1e-6;

/**
 * The geometry of the balanced factors of blocks of logits: with Y = U S V',
 *
 *     W = (lambdaH / lambdaW)^(1/4) U S^(1/2),    H D^(1/2) = (lambdaW / lambdaH)^(1/4) S^(1/2) V'
 *
 * are the least costly of all with this Z. Needs J x J matrices only; the other K - J singular vectors are contrasts.
 *
 * @param factors the Gram matrices of W and H in a model whose factors are others
 */
export function geometryOfBlocks(
  instance: Instance,
  blocks: BlockLogits,
  factors?: Pick<Parts, 'W' | 'H'>,
): Geometry {
  const { clusters, lambdaW, lambdaH } = instance;
  const problem = convexProblem(instance);
  const { clusterCount: J, classes, squaredScales } = problem;
  const { values, left, right } = singularValues(meanBlock(problem, blocks), J, blocks.basis);
  const contrast = blocks.contrast.map((s, a) => Math.abs(s) * Math.sqrt(squaredScales[a]!));
  const squares = contrast.map((s) => s * s);
  const ratio = Math.sqrt(lambdaH / lambdaW);

  /** Products of the classes' rows of vectors diag(weights) vectors', each row of a cluster divided by its length. */
  const products = (vectors: Float64Array, weights: Float64Array, lengths: Float64Array) =>
    rowProducts(transpose(vectors, J), J, weights).map(
      (product, at) => product / (lengths[Math.floor(at / J)]! * lengths[at % J]!),
    );
  const rootClasses = classes.map(Math.sqrt);
  const rootMass = classes.map((k, a) => Math.sqrt(k * squaredScales[a]!));
  const scaled = (gram: Float64Array, factor: number) => gram.map((product) => product * factor);
  const squaredValues = values.map((value) => value * value);
  return assemble(clusters, squaredScales, {
    singularValues: [
      ...clusters.flatMap(([k], a) => Array<number>(k - 1).fill(contrast[a]!)),
      ...values,
    ].sort((a, b) => b - a),
    contrasts: clusters.map(([k], a) => (k > 1 ? contrast[a]! : null)),
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
    rowsOfY: {
      classes,
      within: squares,
      between: products(left, squaredValues, rootClasses),
    },
    columnsOfY: {
      classes,
      within: squares,
      between: products(right, squaredValues, rootClasses),
    },
    bias: blocks.bias && Array.from(blocks.bias),
    ...factors,
  });
}

/** The geometry of W, H and Z as they are, averaged over the classes of each cluster. */
export function geometryOfFactors(instance: Instance, factors: Factors): Geometry {
  const { clusters } = instance;
  const { squaredScales } = convexProblem(instance);
  const { weights, means, logits, bias } = factors;
  const K = Math.sqrt(logits.length);
  const Y = scaleColumns(clusters, squaredScales, logits);
  const gramOf = gramsOfClasses(K);
  return assemble(clusters, squaredScales, {
    singularValues: Array.from(singularValues(Y, K).values),
    contrasts: clusters.map((_, a) => contrastOfCluster(clusters, Y, a)),
    W: gramOf(rowProducts(weights, K)),
    H: gramOf(rowProducts(transpose(means, means.length / K), K)),
    Z: gramOf(rowProducts(logits, K)),
    rowsOfY: gramOf(rowProducts(Y, K)),
    columnsOfY: gramOf(rowProducts(transpose(Y, K), K)),
    bias: bias && Array.from(averageByCluster(clusters, bias)),
  });
}

interface Parts {
  readonly singularValues: readonly number[];
  readonly contrasts: readonly (number | null)[];
  readonly W: Gram;
  readonly H: Gram;
  readonly Z: Gram;
  readonly rowsOfY: Gram;
  readonly columnsOfY: Gram;
  readonly bias: readonly number[] | null;
}

function assemble(
  clusters: readonly Cluster[],
  squaredScales: Float64Array,
  parts: Parts,
): Geometry {
  const negligible = RANK_TOLERANCE * Math.sqrt(Math.max(...squaredScales));
  const isZeroRow = norms(parts.rowsOfY).map((norm) => norm <= negligible);
  const isZeroColumn = norms(parts.columnsOfY).map((norm) => norm <= negligible);
  const W = shapeOf(clusters, parts.W, isZeroRow);
  const H = shapeOf(clusters, parts.H, isZeroColumn);
  const Z = shapeOf(clusters, parts.Z, isZeroRow);
  return {
    rank: parts.singularValues.filter((value) => value > negligible).length,
    singularValues: parts.singularValues,
    contrasts: parts.contrasts,
    cosW: W.cosines,
    cosH: H.cosines,
    cosZ: Z.cosines,
    normW: W.norms,
    normH: H.norms,
    normZ: Z.norms,
    bias: parts.bias,
    etfDistanceW: W.etfDistance,
    etfDistanceH: H.etfDistance,
    etfDistanceZ: Z.etfDistance,
  };
}
