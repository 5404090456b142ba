import type { ConvexProblem } from '../problem.js';
import { zeroVariables, type BlockVariables } from './block-variables.js';
import { constantLogits } from './constant-logits.js';
import { contrastIsFree } from './contrast-is-free.js';

/**
 * F of J clusters without the nuclear norm of the mean block. Cluster i has the direction 1_i / sqrt(k_i), so that
 *
 *     mean[i J + c] = sqrt(k_i k_c) s_c (mean of Z in the rows of cluster i, columns of c),    bias[i] = sqrt(k_i) b_i
 *
 * and the mean block's singular values are those of Y; contrast[c] is by how much the own class leads its cluster in Z.
 * Logits are delta (Z + b) + iota.
 */
export class MeanBlockObjective {
  /** The gradient at the last point expanded. */
  readonly gradient: BlockVariables;
  /** Per cluster whether its contrast is free: below its threshold. Elsewhere zero is optimal. */
  readonly hasContrast: readonly boolean[];
  readonly hasBias: boolean;
  readonly #problem: ConvexProblem;
  /** delta_i / sqrt(k_i), 1 / (sqrt(k_c) s_c), lambda (k_c - 1) s_c. */
  readonly #perClass: Float64Array;
  readonly #perSample: Float64Array;
  readonly #priceOfContrast: Float64Array;
  /** [i J + c]: the probability of all classes of cluster i together for a sample of cluster c. */
  readonly #mass: Float64Array;
  /** The mean and the second moment, under the predictions, of a contrast's share in the logits; delta (1 - 1/k) of the own. */
  readonly #liftMean: Float64Array;
  readonly #liftSquare: Float64Array;
  readonly #lift: Float64Array;
  /** [c]: the probability of all classes but its own for a sample of cluster c. */
  readonly #outflow: Float64Array;
  readonly #logits: Float64Array;
  /**
   * What adds the same to all logits changes nothing in a free bias, so F gets half the square of bias . constant, which is
   * zero at the minimum that this selects. All zero in other models.
   */
  readonly #constant: Float64Array;

  constructor(problem: ConvexProblem) {
    const { clusterCount: J, classes, squaredScales, logitScales, lambda, lambdaB } = problem;
    this.#problem = problem;
    this.gradient = zeroVariables(J);
    this.hasContrast = Array.from(classes, (_, c) => contrastIsFree(problem, c));
    this.hasBias = lambdaB !== null;
    this.#perClass = classes.map((k, i) => logitScales[i]! / Math.sqrt(k));
    this.#perSample = classes.map((k, c) => 1 / Math.sqrt(k * squaredScales[c]!));
    this.#priceOfContrast = classes.map((k, c) => lambda * (k - 1) * Math.sqrt(squaredScales[c]!));
    this.#lift = classes.map((k, c) => logitScales[c]! * (1 - 1 / k));
    this.#mass = new Float64Array(J * J);
    this.#liftMean = new Float64Array(J);
    this.#liftSquare = new Float64Array(J);
    this.#outflow = new Float64Array(J);
    this.#logits = new Float64Array(J);
    this.#constant = lambdaB === 0 ? constantLogits(problem) : new Float64Array(J);
  }

  /** The value; leaves the gradient, and the predictions that `curve` needs. */
  expand(x: BlockVariables): number {
    const { clusterCount: J, classes, weights, otherTarget, lambdaB } = this.#problem;
    const { gradient } = this;
    gradient.bias.fill(0);
    let value = 0;
    for (let c = 0; c < J; c++) {
      value += weights[c]! * this.#predict(x, c) + this.#priceOfContrast[c]! * x.contrast[c]!;
      const target = otherTarget[c]!;
      let outflow = 0;
      for (let i = 0; i < J; i++) {
        if (i !== c) outflow += this.#mass[i * J + c]! - classes[i]! * target;
      }
      for (let i = 0; i < J; i++) {
        const error = i === c ? -outflow : this.#mass[i * J + c]! - classes[i]! * target;
        const slope = weights[c]! * error * this.#perClass[i]!;
        gradient.mean[i * J + c] = slope * this.#perSample[c]!;
        gradient.bias[i]! += slope;
      }
    }
    const shift = this.#shift(x.bias);
    value += (shift * shift) / 2;
    for (let i = 0; i < J; i++) {
      const bias = x.bias[i]!;
      value += ((lambdaB ?? 0) / 2) * bias * bias;
      gradient.bias[i]! += (lambdaB ?? 0) * bias + shift * this.#constant[i]!;
    }
    if (!this.hasBias) gradient.bias.fill(0);
    return value;
  }

  #shift(bias: Float64Array): number {
    let shift = 0;
    for (let i = 0; i < bias.length; i++) shift += this.#constant[i]! * bias[i]!;
    return shift;
  }

  /** The cross entropy of a sample of cluster c; leaves its predictions and the slope of its contrast. */
  #predict({ mean, contrast, bias }: BlockVariables, c: number): number {
    const { clusterCount: J, classCount: K, classes, weights } = this.#problem;
    const { logitScales, logitShifts, margins, otherTarget } = this.#problem;
    const logits = this.#logits;
    const k = classes[c]!;
    const scale = logitScales[c]!;
    for (let i = 0; i < J; i++) {
      const logit = (mean[i * J + c]! * this.#perSample[c]! + bias[i]!) * this.#perClass[i]!;
      logits[i] = logit + logitShifts[i]!;
    }
    const lift = this.#lift[c]!;
    const ofOwn = logits[c]! + lift * contrast[c]! - margins[c]!;
    const ofSibling = margins[c]! - scale * contrast[c]!;
    let largest = k > 1 ? Math.max(0, ofSibling) : 0;
    for (let i = 0; i < J; i++) {
      if (i !== c) largest = Math.max(largest, logits[i]! - ofOwn);
    }
    const siblings = k > 1 ? (k - 1) * Math.exp(ofSibling - largest) : 0;
    let others = siblings;
    for (let i = 0; i < J; i++) {
      if (i === c) continue;
      const exponential = classes[i]! * Math.exp(logits[i]! - ofOwn - largest);
      this.#mass[i * J + c] = exponential;
      others += exponential;
    }
    const own = Math.exp(-largest);
    const total = own + others;
    for (let i = 0; i < J; i++) this.#mass[i * J + c]! /= total;
    this.#mass[c * J + c] = (own + siblings) / total;
    this.#outflow[c] = others / total;
    const drop = (scale * siblings) / (k * total);
    this.#liftMean[c] = (own / total) * lift - drop;
    this.#liftSquare[c] = (own / total) * lift * lift + (scale * drop) / k;
    const target = otherTarget[c]!;
    const ofTarget = target * ((K - 1) * lift + (scale * (k - 1)) / k);
    this.gradient.contrast[c] = this.hasContrast[c]
      ? this.#priceOfContrast[c]! - weights[c]! * ((others / total) * lift + drop - ofTarget)
      : 0;
    const loss = largest === 0 ? Math.log1p(others) : largest + Math.log(total);
    return target === 0 ? loss : loss - target * this.#sumOfDifferences(c, ofSibling, ofOwn);
  }

  /** By how much the logits of all other classes together are above the own one, at the logits predicted last. */
  #sumOfDifferences(c: number, ofSibling: number, ofOwn: number): number {
    const { classes } = this.#problem;
    let sum = (classes[c]! - 1) * ofSibling;
    for (let i = 0; i < classes.length; i++) {
      if (i !== c) sum += classes[i]! * (this.#logits[i]! - ofOwn);
    }
    return sum;
  }

  /** sqrt(k_c) s_c: what the mean block's entries of a cluster are a bias's times. */
  rootsOfSamples(): Float64Array {
    return this.#perSample.map((perSample) => 1 / perSample);
  }

  /** The most that a direction changes a logit. */
  largestLogit({ mean, contrast, bias }: BlockVariables): number {
    const { clusterCount: J } = this.#problem;
    let largest = 0;
    for (let c = 0; c < J; c++) {
      largest = Math.max(largest, this.#problem.logitScales[c]! * Math.abs(contrast[c]!));
      for (let i = 0; i < J; i++) {
        const logit = (mean[i * J + c]! * this.#perSample[c]! + bias[i]!) * this.#perClass[i]!;
        largest = Math.max(largest, Math.abs(logit));
      }
    }
    return largest;
  }

  /** The Hessian at the last point expanded, times a direction. */
  curve(direction: BlockVariables, into: BlockVariables): void {
    const { clusterCount: J, weights, lambdaB } = this.#problem;
    const { hasContrast } = this;
    const mass = this.#mass;
    const perClass = this.#perClass;
    const perSample = this.#perSample;
    const logits = this.#logits;
    const { mean, bias } = direction;
    const shift = this.#shift(bias);
    for (let i = 0; i < J; i++) {
      into.bias[i] = (lambdaB ?? 0) * bias[i]! + shift * this.#constant[i]!;
    }
    const { mean: intoMean, bias: intoBias } = into;
    for (let c = 0; c < J; c++) {
      const contrast = hasContrast[c] ? direction.contrast[c]! : 0;
      const ofContrast = this.#liftMean[c]! * contrast;
      const scale = perSample[c]!;
      let average = ofContrast;
      for (let i = 0, at = c; i < J; i++, at += J) {
        const logit = (mean[at]! * scale + bias[i]!) * perClass[i]!;
        logits[i] = logit;
        average += mass[at]! * logit;
      }
      const weight = weights[c]!;
      for (let i = 0, at = c; i < J; i++, at += J) {
        const change = mass[at]! * (logits[i]! - average) + (i === c ? ofContrast : 0);
        const bend = weight * change * perClass[i]!;
        intoMean[at] = bend * scale;
        intoBias[i]! += bend;
      }
      into.contrast[c] = hasContrast[c]
        ? weight * (this.#liftMean[c]! * (logits[c]! - average) + this.#liftSquare[c]! * contrast)
        : 0;
    }
    if (!this.hasBias) intoBias.fill(0);
  }

  /**
   * Adds to `into` the damping times a direction that is in proportion to the predictions at the last point expanded: each
   * logit is held by the probability that it stands for, the own class's by that of all others. Bias and mean block are held
   * only in their sum.
   */
  addDamping(
    damping: number,
    { mean, contrast, bias }: BlockVariables,
    into: BlockVariables,
  ): void {
    const { clusterCount: J, weights } = this.#problem;
    const perClass = this.#perClass;
    for (let c = 0; c < J; c++) {
      const scale = this.#perSample[c]!;
      const weight = damping * weights[c]!;
      for (let i = 0, at = c; i < J; i++, at += J) {
        const logit = (mean[at]! * scale + bias[i]!) * perClass[i]!;
        const hold = weight * this.#held(i, c) * logit * perClass[i]!;
        into.mean[at]! += hold * scale;
        if (this.hasBias) into.bias[i]! += hold;
      }
      if (this.hasContrast[c]) into.contrast[c]! += weight * this.#outflow[c]! * contrast[c]!;
    }
  }

  /** Adds the diagonal of that damping to `into`, the mean block in the bases given by the rows of left and right. */
  addDiagonalOfDamping(
    damping: number,
    left: Float64Array,
    right: Float64Array,
    into: BlockVariables,
  ): void {
    const { clusterCount: J, classes, weights, totalMass, massPerScale } = this.#problem;
    const { logitScales } = this.#problem;
    for (let c = 0; c < J; c++) {
      for (let r = 0; r < J; r++) {
        let sum = 0;
        for (let i = 0; i < J; i++) {
          const logit = left[r * J + i]! * this.#perClass[i]!;
          sum += this.#held(i, c) * logit * logit;
        }
        sum *= (damping * massPerScale[c]!) / totalMass;
        for (let s = 0, at = c; s < J; s++, at += J) {
          into.mean[r * J + s]! += sum * right[at]! * right[at]!;
        }
      }
      const weight = damping * weights[c]!;
      if (this.hasContrast[c]) into.contrast[c]! += weight * this.#outflow[c]!;
      if (!this.hasBias) continue;
      for (let i = 0; i < J; i++) {
        const squaredScale = logitScales[i]! * logitScales[i]!;
        into.bias[i]! += (weight * this.#held(i, c) * squaredScale) / classes[i]!;
      }
    }
  }

  #held(i: number, c: number): number {
    return i === c ? this.#outflow[c]! : this.#mass[i * this.#problem.clusterCount + c]!;
  }

  /** The scale that the Hessian's diagonal has where predictions are undecided. */
  scale(): BlockVariables {
    const { clusterCount: J, classCount, weights, totalMass, massPerScale } = this.#problem;
    const scale = zeroVariables(J);
    this.#problem.logitScales.forEach((logitScale, i) => {
      const square = logitScale * logitScale;
      for (let c = 0; c < J; c++) scale.mean[i * J + c] = (square * massPerScale[c]!) / totalMass;
      scale.bias[i] = square / classCount;
      scale.contrast[i] = square * weights[i]!;
    });
    return scale;
  }

  /** The Hessian's diagonal at the last point expanded, the mean block in the bases given by the rows of left and right. */
  diagonal(left: Float64Array, right: Float64Array, into: BlockVariables): void {
    const { clusterCount: J, classes, weights, totalMass, massPerScale, lambdaB } = this.#problem;
    const { logitScales } = this.#problem;
    into.mean.fill(0);
    for (let i = 0; i < J; i++) {
      into.bias[i] = this.hasBias ? (lambdaB ?? 0) + this.#constant[i]! * this.#constant[i]! : 1;
    }
    const mass = this.#mass;
    const perClass = this.#perClass;
    for (let c = 0; c < J; c++) {
      for (let r = 0; r < J; r++) {
        let average = 0;
        let square = 0;
        for (let i = 0, at = c; i < J; i++, at += J) {
          const logit = left[r * J + i]! * perClass[i]!;
          const share = mass[at]! * logit;
          average += share;
          square += share * logit;
        }
        const variance = (massPerScale[c]! * (square - average * average)) / totalMass;
        for (let s = 0, at = c; s < J; s++, at += J) {
          into.mean[r * J + s]! += variance * right[at]! * right[at]!;
        }
      }
      const variance = this.#liftSquare[c]! - this.#liftMean[c]! * this.#liftMean[c]!;
      into.contrast[c] = this.hasContrast[c] ? weights[c]! * variance : 1;
      if (!this.hasBias) continue;
      for (let i = 0; i < J; i++) {
        const mass = this.#mass[i * J + c]!;
        const squaredScale = logitScales[i]! * logitScales[i]!;
        into.bias[i]! += (weights[c]! * mass * (1 - mass) * squaredScale) / classes[i]!;
      }
    }
  }
}
