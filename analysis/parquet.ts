import { encodeAnswers, shapesOf, type Columns } from './answer-columns.js';
import type { Limit } from './large-samples.js';
import { LAW_SHAPES } from './law-parquet.js';
import type { SolverComparison } from './solver-comparison.js';
import type { Threshold } from './thresholds.js';

const THRESHOLD_COLUMNS: Columns<Threshold> = [
  ['grid', 'utf8', ({ grid }) => grid],
  ['slice', 'utf8', ({ slice }) => slice],
  ['along', 'utf8', ({ along }) => along],
  ['transition', 'utf8', ({ transition }) => transition],
  ['lower', 'float64', ({ lower }) => lower],
  ['upper', 'float64', ({ upper }) => upper],
  ['estimate', 'float64', ({ estimate }) => estimate],
  ['interval_low', 'float64', ({ interval }) => interval?.[0] ?? null],
  ['interval_high', 'float64', ({ interval }) => interval?.[1] ?? null],
  ['method', 'utf8', ({ method }) => method],
  ['theory', 'float64', ({ theory }) => theory],
  ['difference', 'float64', ({ difference }) => difference],
  ['points', 'int32', ({ points }) => points],
  ['undecided', 'int32', ({ undecided }) => undecided],
  ['refusal', 'utf8', ({ refusal }) => refusal],
];

const COMPARISON_COLUMNS: Columns<SolverComparison> = [
  ['grid', 'utf8', ({ grid }) => grid],
  ['slice', 'utf8', ({ slice }) => slice],
  ['along', 'utf8', ({ along }) => along],
  ['transition', 'utf8', ({ transition }) => transition],
  ['exact_lower', 'float64', ({ exact }) => exact.lower],
  ['exact_upper', 'float64', ({ exact }) => exact.upper],
  ['exact_estimate', 'float64', ({ exact }) => exact.estimate],
  ['empirical_lower', 'float64', ({ empirical }) => empirical.lower],
  ['empirical_upper', 'float64', ({ empirical }) => empirical.upper],
  ['empirical_estimate', 'float64', ({ empirical }) => empirical.estimate],
  ['empirical_interval_low', 'float64', ({ empirical }) => empirical.interval?.[0] ?? null],
  ['empirical_interval_high', 'float64', ({ empirical }) => empirical.interval?.[1] ?? null],
  ['seeds', 'int32', ({ seeds }) => seeds],
  ['difference', 'float64', ({ difference }) => difference],
  ['agree', 'bool', ({ agree }) => agree],
];

const LIMIT_COLUMNS: Columns<Limit> = [
  ['grid', 'utf8', ({ grid }) => grid],
  ['slice', 'utf8', ({ slice }) => slice],
  ['along', 'utf8', ({ along }) => along],
  ['quantity', 'utf8', ({ quantity }) => quantity],
  ['law', 'utf8', ({ law }) => law],
  ['exponent', 'float64', ({ exponent }) => exponent],
  ['limit', 'float64', ({ limit }) => limit],
  ['interval_low', 'float64', ({ interval }) => interval?.[0] ?? null],
  ['interval_high', 'float64', ({ interval }) => interval?.[1] ?? null],
  ['etf', 'float64', ({ etf }) => etf],
  ['distance', 'float64', ({ distance }) => distance],
  ['theory', 'float64', ({ theory }) => theory],
  ['consistent_with_etf', 'bool', ({ consistentWithEtf }) => consistentWithEtf],
  ['alternatives', 'utf8', ({ alternatives }) => JSON.stringify(alternatives)],
  ['points', 'int32', ({ points }) => points],
  ['phase', 'utf8', ({ phase }) => JSON.stringify(phase)],
  ['phase_from', 'float64', ({ phaseFrom }) => phaseFrom],
  ['undecided', 'int32', ({ undecided }) => undecided],
  ['refusal', 'utf8', ({ refusal }) => refusal],
];

/** The files that the analysis writes, with the names and types of their columns; docs/results.md says what they mean. */
export const ANALYSIS_COLUMNS = {
  'thresholds.parquet': shapesOf(THRESHOLD_COLUMNS),
  'comparisons.parquet': shapesOf(COMPARISON_COLUMNS),
  ...LAW_SHAPES,
  'limits.parquet': shapesOf(LIMIT_COLUMNS),
} as const;

/** The thresholds as a sealed Parquet file. */
export function encodeThresholds(thresholds: readonly Threshold[]): Uint8Array {
  return encodeAnswers(THRESHOLD_COLUMNS, thresholds);
}

/** The transitions of both solvers as a sealed Parquet file. */
export function encodeComparisons(comparisons: readonly SolverComparison[]): Uint8Array {
  return encodeAnswers(COMPARISON_COLUMNS, comparisons);
}

/** The limits as a sealed Parquet file. */
export function encodeLimits(limits: readonly Limit[]): Uint8Array {
  return encodeAnswers(LIMIT_COLUMNS, limits);
}
