import type { ConvexProblem } from '../problem.js';

/**
 * Weighted cross entropy of one of two clusters, in the contrast s and in t, by which the samples' own cluster leads in
 * the mean. With k classes of its own, m others, and e the target of each class but the own,
 *
 *     w (log(1 + (k - 1) exp(-x) + m exp(-y)) + e ((k - 1) x + m y)),
 *     x = delta s - margin,    y = delta s (1 - 1/k) + spread t - shift
 *
 * Holds its last expansion, so that a solver allocates nothing.
 */
export class ClusterLoss {
  slopeOfContrast = 0;
  slopeOfMean = 0;
  curvatureOfContrast = 0;
  curvatureOfMean = 0;
  curvatureAcross = 0;
  #weight = 0;
  #siblings = 0;
  #others = 0;
  #scale = 1;
  #lift = 0;
  #spread = 0;
  #margin = 0;
  #shift = 0;
  #target = 0;

  /** Of cluster c; the other one is a. */
  setUp(problem: ConvexProblem, c: 0 | 1, spread: number): void {
    const { classes, weights, logitScales, logitShifts, margins, otherTarget } = problem;
    const a = 1 - c;
    this.#weight = weights[c]!;
    this.#siblings = classes[c]! - 1;
    this.#others = classes[a]!;
    this.#scale = logitScales[c]!;
    this.#lift = this.#scale * (1 - 1 / classes[c]!);
    this.#spread = spread;
    this.#margin = margins[c]!;
    this.#shift = logitShifts[a]! - logitShifts[c]! + margins[c]!;
    this.#target = otherTarget[c]!;
  }

  value(contrast: number, mean: number): number {
    const ofOther = -this.#lift * contrast - this.#spread * mean + this.#shift;
    const ofSibling = this.#margin - this.#scale * contrast;
    const siblings = this.#siblings * Math.exp(ofSibling);
    const soft = this.#ofTarget(ofSibling, ofOther);
    if (ofOther <= 0) {
      return this.#weight * (Math.log1p(siblings + this.#others * Math.exp(ofOther)) - soft);
    }
    const scale = Math.exp(-ofOther);
    return this.#weight * (ofOther + Math.log((1 + siblings) * scale + this.#others) - soft);
  }

  /** The value; derivatives are left in the fields. */
  expand(contrast: number, mean: number): number {
    const ofOther = -this.#lift * contrast - this.#spread * mean + this.#shift;
    const ofSibling = this.#margin - this.#scale * contrast;
    const scale = ofOther > 0 ? Math.exp(-ofOther) : 1;
    const siblings = this.#siblings * Math.exp(ofSibling) * scale;
    const others = this.#others * (ofOther > 0 ? 1 : Math.exp(ofOther));
    const total = scale + siblings + others;
    const toSiblings = siblings / total;
    const toOthers = others / total;
    const slope = -this.#scale * toSiblings - this.#lift * toOthers;
    const rest = 1 - toOthers;
    const target = this.#target;
    const ofTargets = target * (this.#scale * this.#siblings + this.#lift * this.#others);
    this.slopeOfContrast = this.#weight * (slope + ofTargets);
    this.slopeOfMean = -this.#weight * this.#spread * (toOthers - target * this.#others);
    this.curvatureOfContrast =
      this.#weight *
      (this.#scale * this.#scale * toSiblings + this.#lift * this.#lift * toOthers - slope * slope);
    this.curvatureOfMean = this.#weight * this.#spread * this.#spread * toOthers * rest;
    this.curvatureAcross = this.#weight * this.#spread * toOthers * (this.#lift + slope);
    const loss = ofOther > 0 ? ofOther + Math.log(total) : Math.log1p(siblings + others);
    return this.#weight * (loss - this.#ofTarget(ofSibling, ofOther));
  }

  #ofTarget(ofSibling: number, ofOther: number): number {
    if (this.#target === 0) return 0;
    return this.#target * (this.#siblings * ofSibling + this.#others * ofOther);
  }
}
