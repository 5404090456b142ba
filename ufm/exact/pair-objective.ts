import type { ConvexProblem } from '../problem.js';
import { ClusterLoss } from './cluster-loss.js';
import type { SmoothObjective } from './damped-newton.js';

/** Places of the variables. */
export const CONTRAST_A = 0;
export const CONTRAST_B = 1;
export const MEAN_A = 2;
export const MEAN_B = 3;
export const BIAS = 4;

/**
 * F of two clusters A and B in five variables. With g the unit vector along delta_A 1_A/k_A - delta_B 1_B/k_B, the mean
 * logits of a sample of A are MEAN_A g, those of B are -MEAN_B g, and the bias is BIAS g: every other direction only costs.
 * The mean block has rank one and the nuclear norm |p| = sqrt(k_A s_A^2 MEAN_A^2 + k_B s_B^2 MEAN_B^2), which has a kink at 0;
 * there the derivatives are those of the other terms.
 */
export class PairObjective implements SmoothObjective {
  readonly gradient = new Float64Array(5);
  readonly hessian = new Float64Array(25);
  /** k s^2 of each cluster. */
  massA = 1;
  massB = 1;
  /** By this times MEAN_A the classes of A lead those of B: sqrt(delta_A^2/k_A + delta_B^2/k_B). */
  spread = 1;
  readonly #lossOfA = new ClusterLoss();
  readonly #lossOfB = new ClusterLoss();
  #lambda = 1;
  #lambdaB = 0;
  #priceOfContrastA = 0;
  #priceOfContrastB = 0;

  setUp(problem: ConvexProblem): void {
    const { classes, squaredScales, logitScales, lambda, lambdaB } = problem;
    const [ofA, ofB] = [logitScales[0]! * logitScales[0]!, logitScales[1]! * logitScales[1]!];
    this.spread = Math.sqrt(ofA / classes[0]! + ofB / classes[1]!);
    this.#lossOfA.setUp(problem, 0, this.spread);
    this.#lossOfB.setUp(problem, 1, this.spread);
    this.massA = classes[0]! * squaredScales[0]!;
    this.massB = classes[1]! * squaredScales[1]!;
    this.#lambda = lambda;
    this.#lambdaB = lambdaB ?? 0;
    this.#priceOfContrastA = lambda * (classes[0]! - 1) * Math.sqrt(squaredScales[0]!);
    this.#priceOfContrastB = lambda * (classes[1]! - 1) * Math.sqrt(squaredScales[1]!);
  }

  value(x: Float64Array): number {
    const bias = x[BIAS]!;
    const loss =
      this.#lossOfA.value(x[CONTRAST_A]!, x[MEAN_A]! + bias) +
      this.#lossOfB.value(x[CONTRAST_B]!, x[MEAN_B]! - bias);
    return loss + this.#penalty(x);
  }

  expand(x: Float64Array): number {
    const { gradient, hessian, massA, massB } = this;
    const a = this.#lossOfA;
    const b = this.#lossOfB;
    const bias = x[BIAS]!;
    const loss =
      a.expand(x[CONTRAST_A]!, x[MEAN_A]! + bias) + b.expand(x[CONTRAST_B]!, x[MEAN_B]! - bias);
    gradient[CONTRAST_A] = a.slopeOfContrast + this.#priceOfContrastA;
    gradient[CONTRAST_B] = b.slopeOfContrast + this.#priceOfContrastB;
    gradient[MEAN_A] = a.slopeOfMean;
    gradient[MEAN_B] = b.slopeOfMean;
    gradient[BIAS] = a.slopeOfMean - b.slopeOfMean + this.#lambdaB * bias;
    hessian[0] = a.curvatureOfContrast;
    hessian[6] = b.curvatureOfContrast;
    hessian[10] = a.curvatureAcross;
    hessian[12] = a.curvatureOfMean;
    hessian[16] = b.curvatureAcross;
    hessian[17] = 0;
    hessian[18] = b.curvatureOfMean;
    hessian[20] = a.curvatureAcross;
    hessian[21] = -b.curvatureAcross;
    hessian[22] = a.curvatureOfMean;
    hessian[23] = -b.curvatureOfMean;
    hessian[24] = a.curvatureOfMean + b.curvatureOfMean + this.#lambdaB;
    const norm = this.normOfMean(x);
    if (norm > 0) {
      const pull = this.#lambda / norm;
      const along = x[MEAN_A]! / norm;
      const across = x[MEAN_B]! / norm;
      const bend = pull * massA * massB;
      gradient[MEAN_A] += massA * pull * x[MEAN_A]!;
      gradient[MEAN_B] += massB * pull * x[MEAN_B]!;
      hessian[12] += bend * across * across;
      hessian[17] -= bend * along * across;
      hessian[18] += bend * along * along;
    }
    return loss + this.#penalty(x);
  }

  /** |p|, the nuclear norm of the mean block. */
  normOfMean(x: Float64Array): number {
    const a = x[MEAN_A]!;
    const b = x[MEAN_B]!;
    return Math.sqrt(this.massA * a * a + this.massB * b * b);
  }

  #penalty(x: Float64Array): number {
    const bias = x[BIAS]!;
    return (
      this.#priceOfContrastA * x[CONTRAST_A]! +
      this.#priceOfContrastB * x[CONTRAST_B]! +
      this.#lambda * this.normOfMean(x) +
      (this.#lambdaB / 2) * bias * bias
    );
  }
}
