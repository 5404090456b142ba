import type { BlockLogits } from '../blocks.js';
import type { ConvexProblem } from '../problem.js';
import { leadAlone } from './alone.js';
import { contrastIsFree } from './contrast-is-free.js';
import { DampedNewton } from './damped-newton.js';
import { BIAS, CONTRAST_A, CONTRAST_B, MEAN_A, MEAN_B, PairObjective } from './pair-objective.js';
import type { ExactSolution } from './solution.js';

/** A step that would leave less than this share of the mean block along itself heads for the kink at zero. */
const LEAST_SHARE = 0.05;
/** From here the search for a way off the kink halves its distance, this often at most. */
const FARTHEST = 1000;
const MOST_HALVINGS = 60;

/**
 * Solves two clusters, exact up to rounding: damped Newton in five variables. A cluster's contrast is fixed at zero from
 * its threshold on, for then that is where it is optimal. The mean block's norm has a kink at zero: as soon as a
 * step heads for it, the problem without a mean block is solved and zero is tested in the subdifferential. If it is not
 * optimal, the search leaves the kink downhill, and being monotone it cannot come back.
 *
 * One solver takes any number of problems, one after the other; its search allocates nothing.
 */
export class TwoClusterSolver {
  readonly #objective = new PairObjective();
  readonly #newton = new DampedNewton(5);
  readonly #x = new Float64Array(5);
  readonly #trial = new Float64Array(5);
  readonly #free = new Int32Array(5);
  #hasContrast: readonly [boolean, boolean] = [false, false];
  #hasBias = false;
  #lambda = 1;

  solve(problem: ConvexProblem, start: BlockLogits | null): ExactSolution {
    this.#init(problem, start);
    if (this.#objective.normOfMean(this.#x) === 0 || !this.#searchAwayFromZero()) {
      this.#searchWithoutMean();
      if (!this.#isOptimalWithoutMean()) this.#leaveKink();
    }
    return { blocks: this.#blocks(problem), iterations: this.#newton.iterations };
  }

  #init(problem: ConvexProblem, start: BlockLogits | null): void {
    const { lambda, lambdaB } = problem;
    const objective = this.#objective;
    objective.setUp(problem);
    this.#newton.iterations = 0;
    this.#lambda = lambda;
    this.#hasBias = lambdaB !== null;
    this.#hasContrast = [contrastIsFree(problem, 0), contrastIsFree(problem, 1)];
    if (start === null) this.#startCold(problem);
    else this.#startFrom(problem, start);
  }

  /** Where each cluster would stand if all classes had its number of samples. */
  #startCold(problem: ConvexProblem): void {
    const x = this.#x;
    for (const cluster of [0, 1] as const) {
      const lead = leadAlone(problem, cluster);
      const ofMean = problem.logitScales[cluster]! * lead;
      x[CONTRAST_A + cluster] = this.#hasContrast[cluster] ? lead : 0;
      x[MEAN_A + cluster] = ofMean / (problem.classes[cluster]! * this.#objective.spread);
    }
    x[BIAS] = 0;
  }

  #startFrom({ logitScales }: ConvexProblem, { contrast, mean, bias }: BlockLogits): void {
    const x = this.#x;
    const { spread } = this.#objective;
    const [ofA, ofB] = [logitScales[0]!, logitScales[1]!];
    x[CONTRAST_A] = this.#hasContrast[0] ? contrast[0]! : 0;
    x[CONTRAST_B] = this.#hasContrast[1] ? contrast[1]! : 0;
    x[MEAN_A] = (ofA * mean[0]! - ofB * mean[2]!) / spread;
    x[MEAN_B] = (ofB * mean[3]! - ofA * mean[1]!) / spread;
    x[BIAS] = this.#hasBias && bias !== null ? (ofA * bias[0]! - ofB * bias[1]!) / spread : 0;
  }

  /** Whether the minimum was found where the mean block is not zero. */
  #searchAwayFromZero(): boolean {
    const { massA, massB } = this.#objective;
    const x = this.#x;
    const count = this.#freeVariables(true);
    const place = count - (this.#hasBias ? 3 : 2);
    const headsForZero = (step: Float64Array) => {
      const a = x[MEAN_A]!;
      const b = x[MEAN_B]!;
      const along = massA * a * (a + step[place]!) + massB * b * (b + step[place + 1]!);
      return along < LEAST_SHARE * (massA * a * a + massB * b * b);
    };
    return (
      this.#newton.minimize(this.#objective, x, this.#free, count, headsForZero) === 'converged'
    );
  }

  #searchWithoutMean(): void {
    this.#x[MEAN_A] = 0;
    this.#x[MEAN_B] = 0;
    const count = this.#freeVariables(false);
    if (count > 0) this.#newton.minimize(this.#objective, this.#x, this.#free, count, null);
  }

  /** Whether the slope of the smooth terms is within the subdifferential of lambda |p| at zero. */
  #isOptimalWithoutMean(): boolean {
    const { gradient, massA, massB } = this.#objective;
    this.#objective.expand(this.#x);
    const [a, b] = [gradient[MEAN_A]!, gradient[MEAN_B]!];
    return Math.sqrt((a * a) / massA + (b * b) / massB) <= this.#lambda;
  }

  /** Goes down from the kink along the steepest direction of its norm, as far as that helps, and searches from there. */
  #leaveKink(): void {
    const { gradient, massA, massB } = this.#objective;
    const x = this.#x;
    const trial = this.#trial;
    const [a, b] = [-gradient[MEAN_A]! / massA, -gradient[MEAN_B]! / massB];
    let length = FARTHEST / Math.sqrt(massA * a * a + massB * b * b);
    let least = this.#objective.value(x);
    let best = 0;
    for (let halvings = 0; halvings < MOST_HALVINGS; halvings++, length /= 2) {
      trial.set(x);
      trial[MEAN_A] = length * a;
      trial[MEAN_B] = length * b;
      const value = this.#objective.value(trial);
      if (value < least) {
        least = value;
        best = length;
      } else if (best > 0) break;
    }
    if (best === 0) return;
    x[MEAN_A] = best * a;
    x[MEAN_B] = best * b;
    this.#newton.minimize(this.#objective, x, this.#free, this.#freeVariables(true), null);
  }

  /** Names the variables of a search: contrasts, means, bias, in this order. */
  #freeVariables(withMean: boolean): number {
    const free = this.#free;
    let count = 0;
    if (this.#hasContrast[0]) free[count++] = CONTRAST_A;
    if (this.#hasContrast[1]) free[count++] = CONTRAST_B;
    if (withMean) free[count++] = MEAN_A;
    if (withMean) free[count++] = MEAN_B;
    if (this.#hasBias) free[count++] = BIAS;
    return count;
  }

  #blocks({ classes, logitScales }: ConvexProblem): BlockLogits {
    const x = this.#x;
    const { spread } = this.#objective;
    const ofA = logitScales[0]! / (classes[0]! * spread);
    const ofB = -logitScales[1]! / (classes[1]! * spread);
    const [a, b, bias] = [x[MEAN_A]!, x[MEAN_B]!, x[BIAS]!];
    return {
      contrast: Float64Array.of(x[CONTRAST_A]!, x[CONTRAST_B]!),
      mean: Float64Array.of(a * ofA, -b * ofA, a * ofB, -b * ofB),
      bias: this.#hasBias ? Float64Array.of(bias * ofA, bias * ofB) : null,
    };
  }
}
