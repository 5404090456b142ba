import type { Cluster, Instance } from '../study/instance.js';
import { averageByCluster, type BlockLogits } from './blocks.js';
import { contrastOfCluster, scaleColumns } from './geometry/contrast.js';
import { balancedGrams } from './geometry/balanced-grams.js';
import { gramsOfClasses, norms, traceOfGram, type Gram } from './geometry/gram.js';
import { limitGrams, type Grams } from './geometry/limit-grams.js';
import { shapeOf } from './geometry/shape.js';
import { rowProducts, transpose } from './linear-algebra/products.js';
import { singularValues } from './linear-algebra/singular-values.js';
import { convexProblem, type ConvexProblem, type PenalizedProblem } from './problem.js';
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
  readonly seliDistanceW: number | null;
  readonly seliDistanceH: number | null;
  readonly seliDistanceZ: number | null;
  readonly orthogonalDistanceW: number | null;
  readonly orthogonalDistanceH: number | null;
  readonly orthogonalDistanceZ: number | null;
  readonly selfDualityDistance: number | null;
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
 * The geometry of the balanced factors of blocks of logits, which are the least costly of all with this Z.
 *
 * @param factors the Gram matrices of W and H in a model whose factors are others
 */
export function geometryOfBlocks(
  instance: PenalizedProblem,
  blocks: BlockLogits,
  factors?: Pick<Grams, 'W' | 'H'>,
): Geometry {
  const { clusters, lambdaW, lambdaH } = instance;
  const problem = convexProblem(instance);
  const grams = balancedGrams(problem, blocks, Math.sqrt(lambdaH / lambdaW));
  return assemble(clusters, problem, limitGrams(problem), {
    W: factors?.W ?? grams.W,
    H: factors?.H ?? grams.H,
    Z: grams.Z,
    rowsOfY: grams.rowsOfY,
    columnsOfY: grams.columnsOfY,
    singularValues: [
      ...clusters.flatMap(([k], a) => Array<number>(k - 1).fill(grams.contrasts[a]!)),
      ...grams.means,
    ].sort((a, b) => b - a),
    contrasts: clusters.map(([k], a) => (k > 1 ? grams.contrasts[a]! : null)),
    traceOfZ: traceOf(problem, blocks),
    bias: blocks.bias && Array.from(blocks.bias),
  });
}

/** The geometry of W, H and Z as they are, averaged over the classes of each cluster. */
export function geometryOfFactors(instance: Instance, factors: Factors): Geometry {
  const { clusters } = instance;
  const problem = convexProblem(instance);
  const { weights, means, logits, bias } = factors;
  const K = Math.sqrt(logits.length);
  const Y = scaleColumns(clusters, problem.squaredScales, logits);
  const gramOf = gramsOfClasses(K);
  let traceOfZ = 0;
  for (let k = 0; k < K; k++) traceOfZ += logits[k * K + k]!;
  return assemble(clusters, problem, limitGrams(problem), {
    singularValues: Array.from(singularValues(Y, K).values),
    contrasts: clusters.map((_, a) => contrastOfCluster(clusters, Y, a)),
    W: gramOf(rowProducts(weights, K)),
    H: gramOf(rowProducts(transpose(means, means.length / K), K)),
    Z: gramOf(rowProducts(logits, K)),
    rowsOfY: gramOf(rowProducts(Y, K)),
    columnsOfY: gramOf(rowProducts(transpose(Y, K), K)),
    traceOfZ,
    bias: bias && Array.from(averageByCluster(clusters, bias)),
  });
}

function traceOf({ clusterCount: J, classes }: ConvexProblem, blocks: BlockLogits): number {
  let trace = 0;
  for (let a = 0; a < J; a++) {
    trace += classes[a]! * blocks.mean[a * J + a]! + (classes[a]! - 1) * blocks.contrast[a]!;
  }
  return trace;
}

interface Parts extends Grams {
  readonly singularValues: readonly number[];
  readonly contrasts: readonly (number | null)[];
  readonly rowsOfY: Gram;
  readonly columnsOfY: Gram;
  readonly traceOfZ: number;
  readonly bias: readonly number[] | null;
}

function assemble(
  clusters: readonly Cluster[],
  { squaredScales }: ConvexProblem,
  limit: Grams | null,
  parts: Parts,
): Geometry {
  const negligible = RANK_TOLERANCE * Math.sqrt(Math.max(...squaredScales));
  const isZeroRow = norms(parts.rowsOfY).map((norm) => norm <= negligible);
  const isZeroColumn = norms(parts.columnsOfY).map((norm) => norm <= negligible);
  const W = shapeOf(clusters, parts.W, isZeroRow, limit?.W ?? null);
  const H = shapeOf(clusters, parts.H, isZeroColumn, limit?.H ?? null);
  const Z = shapeOf(clusters, parts.Z, isZeroRow, limit?.Z ?? null);
  const isZero = isZeroRow.every(Boolean) || isZeroColumn.every(Boolean);
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
    seliDistanceW: W.seliDistance,
    seliDistanceH: H.seliDistance,
    seliDistanceZ: Z.seliDistance,
    orthogonalDistanceW: W.orthogonalDistance,
    orthogonalDistanceH: H.orthogonalDistance,
    orthogonalDistanceZ: Z.orthogonalDistance,
    selfDualityDistance: isZero ? null : selfDualityDistance(parts),
  };
}

/** |W / |W|_F - H' / |H|_F|_F, whose square is 2 - 2 <W, H'> / (|W| |H|) with <W, H'> the trace of Z. */
function selfDualityDistance({ W, H, traceOfZ }: Parts): number {
  const cosine = traceOfZ / Math.sqrt(traceOfGram(W) * traceOfGram(H));
  return Math.sqrt(2 * Math.max(0, 1 - cosine));
}
