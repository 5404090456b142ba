import { classCount, sampleCount, type Instance } from '../../study/instance.js';

/**
 * An instance in the variables in which first-order steps converge: lambdaW = lambdaH = lambda, features and rows
 * of W of equal scale, a bias of the curvature of the rest, and the objective in units of lambda:
 *
 *     F / lambda = sum over rows r of weight_r / lambda CE(scale_r W g_r + biasScale beta, e_label(r))
 *                  + |W|^2 / 2 + |G|^2 / 2 + biasPenalty |beta|^2 / 2
 *
 * A row is a feature: the mean of a class (`class-means`, G_k = sqrt(n_k) h_k) or a sample (`per-sample`, classes one
 * after the other). Without the balancing nothing converges at a ratio of 100.
 */
export interface BalancedProblem {
  /** K, d and the number of rows: instances that agree in them can share a batch. */
  readonly classes: number;
  readonly features: number;
  readonly rows: number;
  /** sqrt(lambdaW lambdaH). */
  readonly lambda: number;
  /** Per class: how many rows it has, the scale of their logits, and the weight of each in the mean loss. */
  readonly rowsOfClass: readonly number[];
  readonly scaleOfClass: readonly number[];
  readonly weightOfClass: readonly number[];
  /** b = biasScale beta; 0 in a model without a bias. */
  readonly biasScale: number;
  readonly biasPenalty: number;
  /** The instance's W is this times the balanced W; its features are 1/this times the balanced ones. */
  readonly scaleOfW: number;
}

/** The number of rows of the feature matrix that first-order steps keep for an instance. */
export function rowCount(instance: Instance): number {
  return instance.form === 'class-means'
    ? classCount(instance.clusters)
    : sampleCount(instance.clusters);
}

export function balance(instance: Instance): BalancedProblem {
  const classes = classCount(instance.clusters);
  const samples = sampleCount(instance.clusters);
  const counts = instance.clusters.flatMap(([size, count]) => Array<number>(size).fill(count));
  const means = instance.form === 'class-means';
  const lambda = Math.sqrt(instance.lambdaW) * Math.sqrt(instance.lambdaH);
  // Near a uniform prediction the cross entropy's curvature in b is about 1/K: the step 1/2 then fits b as well.
  const biasScale =
    instance.lambdaB === null ? 0 : Math.sqrt(lambda / (instance.lambdaB + 1 / classes));
  return {
    classes,
    features: instance.featureDimension,
    rows: means ? classes : samples,
    lambda,
    rowsOfClass: means ? counts.map(() => 1) : counts,
    scaleOfClass: means ? counts.map((count) => 1 / Math.sqrt(count)) : counts.map(() => 1),
    weightOfClass: means ? counts.map((count) => count / samples) : counts.map(() => 1 / samples),
    biasScale,
    biasPenalty: ((instance.lambdaB ?? 0) * biasScale ** 2) / lambda,
    scaleOfW: (instance.lambdaH / instance.lambdaW) ** 0.25,
  };
}

/** Instances with the same shape can share a batch. */
export function shapeOf(instance: Instance): string {
  const rows = rowCount(instance);
  return `${classCount(instance.clusters)} classes, ${rows} rows, ${instance.featureDimension} features`;
}
