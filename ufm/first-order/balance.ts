import { classCount, sampleCount, type Instance } from '../../study/instance.js';
import { logitShiftsOf, targetsOf } from '../remedies.js';

/**
 * An instance in the variables in which first-order steps converge: lambdaW = lambdaH = lambda, features and rows
 * of W of equal scale, a bias of the curvature of the rest, and the objective in units of lambda:
 *
 *     F / lambda = sum over rows r of weight_r / lambda CE(delta o (scale_r W g_r + biasScale o beta) + iota_r, t_r)
 *                  + |W|^2 / 2 + |G|^2 / 2 + sum over classes i of biasPenalty_i beta_i^2 / 2
 *
 * A row is a feature: the mean of a class (`class-means`, G_k = sqrt(n_k phi_k) h_k) or a sample (`per-sample`, G_r =
 * sqrt(phi_k) h_r, classes one after the other). Without the balancing nothing converges at a ratio of 100. `Remedies`
 * says what delta, iota, t, phi and the omega in the weights are.
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
  /** delta of each class; null where all are 1. */
  readonly logitScaleOfClass: readonly number[] | null;
  /** What iota adds to the logit of each class, for every row; null where that is nothing. */
  readonly logitShiftOfClass: readonly number[] | null;
  /** What iota takes off the logit of their own class for the rows of each class; null where that is nothing. */
  readonly marginOfClass: readonly number[] | null;
  /** What t gives each class that is not the row's own. */
  readonly otherTarget: number;
  /** Per class: b = biasScale beta; 0 in a model without a bias. */
  readonly biasScaleOfClass: readonly number[];
  readonly biasPenaltyOfClass: readonly number[];
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
  const { clusters, lambdaW, lambdaH, lambdaB, classWeights, featurePenalties } = instance;
  const { logitAdjustment, logitScales, margins } = instance;
  const classes = classCount(clusters);
  const samples = sampleCount(clusters);
  const isMean = instance.form === 'class-means';
  const lambda = Math.sqrt(lambdaW) * Math.sqrt(lambdaH);
  const shifts = logitAdjustment === undefined ? null : logitShiftsOf(instance);
  const weightPerClass = meanWeight(instance, samples) / classes;
  // Plain loops: with anything else this takes a hundredth of the time that a small instance needs.
  const rowsOfClass: number[] = [];
  const scaleOfClass: number[] = [];
  const weightOfClass: number[] = [];
  const biasScaleOfClass: number[] = [];
  const biasPenaltyOfClass: number[] = [];
  for (let a = 0; a < clusters.length; a++) {
    const [size, count] = clusters[a]!;
    const samplesOfRow = isMean ? count : 1;
    const scale = 1 / Math.sqrt(samplesOfRow * (featurePenalties?.[a] ?? 1));
    const weight = (samplesOfRow * (classWeights?.[a] ?? 1)) / samples;
    // Near a uniform prediction the cross entropy's curvature in b is about delta^2 / K times the mean weight of a sample:
    // the step 1/2 then fits b as well.
    const curvature = (logitScales?.[a] ?? 1) ** 2 * weightPerClass;
    const biasScale = lambdaB === null ? 0 : Math.sqrt(lambda / (lambdaB + curvature));
    const biasPenalty = ((lambdaB ?? 0) * biasScale ** 2) / lambda;
    for (let k = 0; k < size; k++) {
      rowsOfClass.push(isMean ? 1 : count);
      scaleOfClass.push(scale);
      weightOfClass.push(weight);
      biasScaleOfClass.push(biasScale);
      biasPenaltyOfClass.push(biasPenalty);
    }
  }
  const ofClasses = (ofClusters: ArrayLike<number>) =>
    clusters.flatMap(([size], a) => Array<number>(size).fill(ofClusters[a]!));
  return {
    classes,
    features: instance.featureDimension,
    rows: isMean ? classes : samples,
    lambda,
    rowsOfClass,
    scaleOfClass,
    weightOfClass,
    logitScaleOfClass: logitScales === undefined ? null : ofClasses(logitScales),
    logitShiftOfClass: shifts === null ? null : ofClasses(shifts),
    marginOfClass: margins === undefined ? null : ofClasses(margins),
    otherTarget: targetsOf(instance).other[0]!,
    biasScaleOfClass,
    biasPenaltyOfClass,
    scaleOfW: (lambdaH / lambdaW) ** 0.25,
  };
}

/** What beta is multiplied by in the logits of each class: delta o biasScale. */
export function biasFactors({ biasScaleOfClass, logitScaleOfClass }: BalancedProblem) {
  if (logitScaleOfClass === null) return biasScaleOfClass;
  return biasScaleOfClass.map((scale, i) => logitScaleOfClass[i]! * scale);
}

/** The mean weight of a sample in the loss. */
function meanWeight({ clusters, classWeights }: Instance, samples: number): number {
  if (classWeights === undefined) return 1;
  return clusters.reduce((sum, [k, n], a) => sum + classWeights[a]! * k * n, 0) / samples;
}

/** Instances with the same shape can share a batch: equal sizes, and the same kinds of terms in the loss. */
export function shapeOf(instance: Instance): string {
  const { logitScales, logitAdjustment, margins } = instance;
  const rows = rowCount(instance);
  const terms = [
    logitScales !== undefined && ', logit scales',
    logitAdjustment !== undefined && ', logit shifts',
    margins !== undefined && ', margins',
    targetsOf(instance).other[0] !== 0 && ', soft targets',
  ];
  return (
    `${classCount(instance.clusters)} classes, ${rows} rows, ${instance.featureDimension} features` +
    terms.filter((term) => term !== false).join('')
  );
}
