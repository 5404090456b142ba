import type { ColumnShape, ColumnType, ColumnValue } from '../results/arrow-values.js';
import { encodeParquet } from '../results/parquet.js';
import type { Limit } from './large-samples.js';
import type { LawCoefficient, LawPlace, ThresholdLaw } from './threshold-law.js';
import type { Threshold } from './thresholds.js';

/** Columns of one Parquet file: name, type, and the value that an answer has there. Names as in the JSON, in snake_case. */
type Columns<Answer> = readonly (readonly [
  name: string,
  type: ColumnType,
  of: (answer: Answer) => ColumnValue,
])[];

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

const LAW_COLUMNS: Columns<OfLaw<LawCoefficient>> = [
  ['transition', 'utf8', ({ transition }) => transition],
  ['of', 'utf8', ({ of }) => of],
  ['estimate', 'float64', ({ estimate }) => estimate],
  ['interval_low', 'float64', ({ interval }) => interval?.[0] ?? null],
  ['interval_high', 'float64', ({ interval }) => interval?.[1] ?? null],
  ['lower', 'float64', ({ lower }) => lower],
  ['upper', 'float64', ({ upper }) => upper],
  ['theory', 'float64', ({ theory }) => theory],
  ['refusal', 'utf8', ({ refusal }) => refusal],
];

const LAW_PLACE_COLUMNS: Columns<OfLaw<LawPlace>> = [
  ['transition', 'utf8', ({ transition }) => transition],
  ['grid', 'utf8', ({ grid }) => grid],
  ['slice', 'utf8', ({ slice }) => slice],
  ['along', 'utf8', ({ along }) => along],
  ['lambda', 'float64', ({ lambda }) => lambda],
  ['samples_total', 'float64', ({ samplesTotal }) => samplesTotal],
  ['cluster_samples', 'float64', ({ clusterSamples }) => clusterSamples],
  ['reduced_uncollapsed', 'float64', ({ reduced }) => reduced[0]],
  ['reduced_collapsed', 'float64', ({ reduced }) => reduced[1]],
  ['residual', 'float64', ({ residual }) => residual],
  ['half_width', 'float64', ({ halfWidth }) => halfWidth],
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
  ['consistent_with_etf', 'bool', ({ consistentWithEtf }) => consistentWithEtf],
  ['alternatives', 'utf8', ({ alternatives }) => JSON.stringify(alternatives)],
  ['points', 'int32', ({ points }) => points],
  ['refusal', 'utf8', ({ refusal }) => refusal],
];

/** The files that the analysis writes, with the names and types of their columns; docs/results.md says what they mean. */
export const ANALYSIS_COLUMNS = {
  'thresholds.parquet': shapesOf(THRESHOLD_COLUMNS),
  'laws.parquet': shapesOf(LAW_COLUMNS),
  'law-places.parquet': shapesOf(LAW_PLACE_COLUMNS),
  'limits.parquet': shapesOf(LIMIT_COLUMNS),
} as const;

/** The thresholds as a sealed Parquet file. */
export function encodeThresholds(thresholds: readonly Threshold[]): Uint8Array {
  return encode(THRESHOLD_COLUMNS, thresholds);
}

type OfLaw<Part> = Part & Pick<ThresholdLaw, 'transition'>;

/** The coefficients of the laws as a sealed Parquet file. */
export function encodeLaws(laws: readonly ThresholdLaw[]): Uint8Array {
  const rows = laws.flatMap(({ transition, coefficients }) =>
    coefficients.map((each) => ({ transition, ...each })),
  );
  return encode(LAW_COLUMNS, rows);
}

/** The slices that the laws were found from, with their residuals, as a sealed Parquet file. */
export function encodeLawPlaces(laws: readonly ThresholdLaw[]): Uint8Array {
  const rows = laws.flatMap(({ transition, places }) =>
    places.map((each) => ({ transition, ...each })),
  );
  return encode(LAW_PLACE_COLUMNS, rows);
}

/** The limits as a sealed Parquet file. */
export function encodeLimits(limits: readonly Limit[]): Uint8Array {
  return encode(LIMIT_COLUMNS, limits);
}

function encode<Answer>(columns: Columns<Answer>, answers: readonly Answer[]): Uint8Array {
  const group = columns.map(([, , of]) => answers.map(of));
  return encodeParquet(shapesOf(columns), answers.length === 0 ? [] : [group]);
}

function shapesOf(columns: readonly (readonly [string, ColumnType, unknown])[]): ColumnShape[] {
  return columns.map(([name, type]) => ({ name, type, nullable: true }));
}
