import type { Instance, SolverKind } from './instance.js';

/** The names of everything that a grid can fix or vary; see docs/study-file.md. */
export const AXIS_NAMES = [
  'classes',
  'majorityClasses',
  'clusters',
  'longTail',
  'samples',
  'sampleScale',
  'majoritySamples',
  'minoritySamples',
  'imbalanceRatio',
  'lambda',
  'lambdaTimesN',
  'lambdaTimesSqrtN',
  'lambdaOverThreshold',
  'lambdaW',
  'lambdaH',
  'lambdaB',
  'normBounds',
  'classWeights',
  'labelSmoothing',
  'labelNoise',
  'logitAdjustment',
  'margins',
  'logitScales',
  'featurePenalties',
  'loss',
  'features',
  'classifier',
  'featureDimension',
  'form',
  'solverKind',
  'seed',
] as const;

export type AxisName = (typeof AXIS_NAMES)[number];

/** How a number of each cluster follows from its samples. */
export interface ByExponent {
  readonly exponent: number;
}

/** How margins follow from the samples of each cluster: the smallest has the largest margin. */
export interface MarginRule extends ByExponent {
  readonly largest: number;
}

/** E_W and E_H. */
export interface NormBounds {
  readonly w: number;
  readonly h: number;
}

/**
 * A JSON value: a number, a word (`none`, `per-sample`), counts or numbers of clusters, clusters, or the parameters of a long
 * tail, of numbers that follow from the samples, or of bounds.
 */
export type AxisValue =
  | number
  | string
  | readonly number[]
  | readonly (readonly [number, number])[]
  | { readonly largest: number; readonly ratio: number }
  | ByExponent
  | MarginRule
  | NormBounds;

/** What a grid says about one of its points: every name that it fixes or varies, with the value there. */
export type Coordinates = Readonly<Partial<Record<AxisName, AxisValue>>>;

/** One direction of a grid: each step sets one name, or several names at once when axes are zipped. */
export interface Axis {
  readonly names: readonly AxisName[];
  readonly steps: readonly Coordinates[];
}

/** Bracket every transition along one axis to this relative width (one unit on an integer axis). */
export interface Locate {
  readonly along: AxisName;
  readonly tolerance: number;
}

/** Fit the large-sample law along one axis. */
export interface FitLimit {
  readonly along: AxisName;
}

export interface Grid {
  readonly name: string;
  /** The names with one value for the whole grid. */
  readonly fixed: Coordinates;
  /** The product of these is the grid; the last axis varies fastest. */
  readonly axes: readonly Axis[];
  /** A point that agrees with every name of one of these is left out. */
  readonly exclude: readonly Coordinates[];
  readonly locate: Locate | null;
  readonly fitLimit: FitLimit | null;
}

export interface SolverSettings {
  readonly kind: SolverKind;
  readonly tolerance: number;
  readonly polish: boolean;
}

/** A study file, resolved: every default filled in, every range written out. JSON-safe. */
export interface Study {
  readonly version: 1;
  readonly name: string;
  readonly grids: readonly Grid[];
  readonly solver: SolverSettings;
  /** The most points of a shard; `auto` for as many as take a few seconds. */
  readonly shardSize: number | 'auto';
}

/** A point of a study before anything is known of it. */
export interface Point {
  /** Hash of the canonical instance and the solver's numerical version: equal points are computed once. */
  readonly key: string;
  readonly grid: string;
  readonly coordinates: Coordinates;
  readonly instance: Instance;
  /** The instance as canonical JSON: what the key is a hash of, and what a plan holds. */
  readonly instanceJson: string;
}

/** A point in a plan: with the round that asked for it and the shard that solves it, -1 when a row had landed. */
export interface PlannedPoint extends Point {
  readonly round: number;
  readonly shard: number;
}
