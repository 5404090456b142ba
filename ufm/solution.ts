/**
 * How a point ended.
 *
 * - `certified`: the duality gap is at most the tolerance asked for, at an objective that so many features reach.
 * - `uncertified`: a finite solution whose gap is larger: see `relativeGap`; a feature dimension below the optimal
 *   rank leaves a gap that no solver closes. Or the exact solver's logits, where nothing proves that the features
 *   suffice for them: see `message`.
 * - `diverged`: the iteration left the finite numbers. A result, kept with what reproduces it.
 * - `failed`: no solution; `message` says why.
 */
export type Status = 'certified' | 'uncertified' | 'diverged' | 'failed';

/**
 * Mean cosines between clusters i and j, J x J and symmetric; null for a cluster of one class with itself, and where a
 * vector is zero, or is by certificate zero at the optimum.
 */
export type CosineTable = readonly (readonly (number | null)[])[];

/** What is known of one instance after solving it. J clusters, K classes. Every number is finite: see `onlyFinite`. */
export interface Solution {
  readonly status: Status;
  /** F at the returned iterate, evaluated in float64; null unless a finite iterate was found. */
  readonly objective: number | null;
  /** A rigorous lower bound of the optimal value, rounding errors counted; 0 where nothing better was found. */
  readonly lowerBound: number | null;
  /** objective - lowerBound, >= 0. */
  readonly gap: number | null;
  /** gap / objective. */
  readonly relativeGap: number | null;
  /** Relative gap before the float64 polish; null when there was none. */
  readonly relativeGapBeforePolish: number | null;
  /** Number of singular values above 1e-6 of the largest threshold scale (`ufm/geometry.ts`), within what is proved. */
  readonly rank: number | null;
  /** Singular values of Z D^(1/2), K values, descending. */
  readonly singularValues: readonly number[] | null;
  /** Per cluster the mean singular value of its within-cluster contrast; null for a cluster of one class. */
  readonly contrasts: readonly (number | null)[] | null;
  /**
   * Per cluster: the optimum's classes coincide, by certificate; null when undecided or a cluster of one class. With
   * nonnegative features they are zero, which is said of a cluster of one class, too.
   */
  readonly collapsed: readonly (boolean | null)[] | null;
  /** Whether the optimum's mean block (between clusters) is zero, by certificate; null when undecided. */
  readonly meanCollapsed: boolean | null;
  readonly cosW: CosineTable | null;
  readonly cosH: CosineTable | null;
  readonly cosZ: CosineTable | null;
  /** Per cluster the mean Euclidean norm of its rows of W, its features (class means) and its rows of Z. */
  readonly normW: readonly number[] | null;
  readonly normH: readonly number[] | null;
  readonly normZ: readonly number[] | null;
  /** Per cluster the mean bias; null in a model without a bias. */
  readonly bias: readonly number[] | null;
  /** NC1 as tr(Sw) / tr(Sb) of the features, as the solver left them; null for class means, which have none. */
  readonly withinClassVariability: number | null;
  /** NC1 as tr(Sw pinv(Sb)) / K, pinv with rcond 1e-6; null for class means. */
  readonly withinClassVariabilityPinv: number | null;
  /** Frobenius distance of the normalised Gram matrix from the normalised simplex ETF's, for W, H and Z. */
  readonly etfDistanceW: number | null;
  readonly etfDistanceH: number | null;
  readonly etfDistanceZ: number | null;
  /** The same of the Gram matrix from that of the limit of vanishing regularization (`geometry/limit-logits.ts`). */
  readonly seliDistanceW: number | null;
  readonly seliDistanceH: number | null;
  readonly seliDistanceZ: number | null;
  /** The same from that of vectors of equal length at right angles. */
  readonly orthogonalDistanceW: number | null;
  readonly orthogonalDistanceH: number | null;
  readonly orthogonalDistanceZ: number | null;
  /** NC3: |W / |W| - H' / |H||, Frobenius norms, H the class means; null where one of them is zero. */
  readonly selfDualityDistance: number | null;
  /** Function evaluations of the tensor solver, or Newton steps of the exact solver. */
  readonly iterations: number;
  /** Iterations of the float64 polish, 0 when there was none. */
  readonly polishIterations: number;
  /** Seconds of this instance: its share of a batch. */
  readonly seconds: number;
  /** `loops`, `wasm`, `cpu`, `tensorflow`, `webgpu`, or `float64` for the exact solver. */
  readonly backend: string;
  /** The device by name, e.g. `cpu` or a GPU's. */
  readonly device: string;
  /** Why a point failed, diverged or is uncertified, and what to do; what of it was not a finite number; null otherwise. */
  readonly message: string | null;
}
