/**
 * Weighted cross entropy of one of two clusters, in the contrast s and in t, by which the samples' own cluster leads in
 * the mean:  w log(1 + (k - 1) exp(-s) + m exp(-s (1 - 1/k) - spread t)),  k classes of its own and m others. Holds its
 * last expansion, so that a solver allocates nothing.
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
  #lift = 0;
  #spread = 0;

  setUp(weight: number, classes: number, others: number, spread: number): void {
    this.#weight = weight;
    this.#siblings = classes - 1;
    this.#others = others;
    this.#lift = 1 - 1 / classes;
    this.#spread = spread;
  }

  value(contrast: number, mean: number): number {
    const ofOther = -this.#lift * contrast - this.#spread * mean;
    const siblings = this.#siblings * Math.exp(-contrast);
    if (ofOther <= 0) return this.#weight * Math.log1p(siblings + this.#others * Math.exp(ofOther));
    const scale = Math.exp(-ofOther);
    return this.#weight * (ofOther + Math.log((1 + siblings) * scale + this.#others));
  }

  /** The value; derivatives are left in the fields. */
  expand(contrast: number, mean: number): number {
    const ofOther = -this.#lift * contrast - this.#spread * mean;
    const scale = ofOther > 0 ? Math.exp(-ofOther) : 1;
    const siblings = this.#siblings * Math.exp(-contrast) * scale;
    const others = this.#others * (ofOther > 0 ? 1 : Math.exp(ofOther));
    const total = scale + siblings + others;
    const toSiblings = siblings / total;
    const toOthers = others / total;
    const slope = -toSiblings - this.#lift * toOthers;
    const rest = 1 - toOthers;
    this.slopeOfContrast = this.#weight * slope;
    this.slopeOfMean = -this.#weight * this.#spread * toOthers;
    this.curvatureOfContrast =
      this.#weight * (toSiblings + this.#lift * this.#lift * toOthers - slope * slope);
    this.curvatureOfMean = this.#weight * this.#spread * this.#spread * toOthers * rest;
    this.curvatureAcross = this.#weight * this.#spread * toOthers * (this.#lift + slope);
    const loss = ofOther > 0 ? ofOther + Math.log(total) : Math.log1p(siblings + others);
    return this.#weight * loss;
  }
}
