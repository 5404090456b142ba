import type { Cluster } from '../../study/instance.js';
import type { Grid } from '../../study/study.js';
import type { LimitSeries } from '../large-samples.js';
import type { SolverPair } from '../solver-comparison.js';
import type { AnalysisSummary } from '../summary.js';
import type { TransitionSlice } from '../thresholds.js';

/** Mean cosines of W, H and Z between clusters at one point. */
export interface GramPoint {
  readonly grid: string;
  /** The coordinates that tell this point from others. */
  readonly place: string;
  readonly key: string;
  readonly clusters: readonly Cluster[];
  /** J x J tables, row by row; null for zero vectors and within a cluster of one class. */
  readonly cosines: Readonly<Record<'W' | 'H' | 'Z', readonly (number | null)[]>>;
}

/** A bar of a histogram on a logarithmic axis: [low, high) and how many values fall there. */
export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** A point that is not certified. */
export interface TroubledPoint {
  readonly grid: string;
  readonly coordinates: string;
  readonly status: string;
  readonly relativeGap: number | null;
  readonly message: string | null;
  readonly key: string;
}

/** What computed the rows: distinct values with how many rows have each. */
export interface Provenance {
  readonly label: string;
  readonly values: readonly { readonly value: string; readonly rows: number }[];
}

/** A grid of which the figures of transitions get one point in so many of each slice, and the ends of every transition. */
export interface ThinnedGrid {
  readonly grid: string;
  /** > 1. */
  readonly step: number;
}

/** Everything that the report shows. */
export interface ReportData {
  readonly summary: AnalysisSummary;
  readonly grids: readonly Grid[];
  readonly slices: readonly TransitionSlice[];
  readonly thinned: readonly ThinnedGrid[];
  /** Those of them that both solvers have solved. */
  readonly solverPairs: readonly SolverPair[];
  readonly limits: readonly LimitSeries[];
  readonly grams: readonly GramPoint[];
  readonly relativeGaps: readonly Bin[];
  readonly seconds: readonly Bin[];
  readonly troubled: readonly TroubledPoint[];
  readonly provenance: readonly Provenance[];
  /** The study file as its author wrote it; null when the store has none. */
  readonly studyText: string | null;
}
