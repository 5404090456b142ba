import type { ColumnShape, ColumnType, ColumnValue } from '../results/arrow-values.js';
import { encodeParquet } from '../results/parquet.js';
import type { Limit } from './large-samples.js';
import type { RatioCoefficient, RatioLaw, RatioPlace } from './ratio-law.js';
import type { SolverComparison } from './solver-comparison.js';
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

const RATIO_LAW_COLUMNS: Columns<OfDivision<RatioLawCoefficient>> = [
  ['majority_classes', 'int32', ({ majorityClasses }) => majorityClasses],
  ['minority_classes', 'int32', ({ minorityClasses }) => minorityClasses],
  ['of', 'utf8', ({ of }) => of],
  ['estimate', 'float64', ({ coefficient }) => coefficient?.estimate ?? null],
  ['interval_low', 'float64', ({ coefficient }) => coefficient?.interval[0] ?? null],
  ['interval_high', 'float64', ({ coefficient }) => coefficient?.interval[1] ?? null],
  ['lower', 'float64', ({ coefficient }) => coefficient?.lower ?? null],
  ['upper', 'float64', ({ coefficient }) => coefficient?.upper ?? null],
  ['theory', 'float64', ({ coefficient }) => coefficient?.theory ?? null],
  ['possible', 'bool', ({ possible }) => possible],
  ['refusal', 'utf8', ({ refusal }) => refusal],
];

const RATIO_PLACE_COLUMNS: Columns<OfDivision<RatioPlace>> = [
  ['majority_classes', 'int32', ({ majorityClasses }) => majorityClasses],
  ['minority_classes', 'int32', ({ minorityClasses }) => minorityClasses],
  ['grid', 'utf8', ({ grid }) => grid],
  ['slice', 'utf8', ({ slice }) => slice],
  ['lambda', 'float64', ({ lambda }) => lambda],
  ['minority_samples', 'float64', ({ minoritySamples }) => minoritySamples],
  ['reach', 'float64', ({ reach }) => reach],
  ['ratio', 'float64', ({ ratio }) => ratio],
  ['residual', 'float64', ({ residual }) => residual],
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
  ['consistent_with_etf', 'bool', ({ consistentWithEtf }) => consistentWithEtf],
  ['alternatives', 'utf8', ({ alternatives }) => JSON.stringify(alternatives)],
  ['points', 'int32', ({ points }) => points],
  ['phase', 'utf8', ({ phase }) => JSON.stringify(phase)],
  ['phase_from', 'float64', ({ phaseFrom }) => phaseFrom],
  ['undecided', 'int32', ({ undecided }) => undecided],
  ['refusal', 'utf8', ({ refusal }) => refusal],
];

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

type OfDivision<Part> = Part & Pick<RatioLaw, 'majorityClasses' | 'minorityClasses'>;

interface RatioLawCoefficient extends Pick<RatioLaw, 'possible' | 'refusal'> {
  readonly of: 'slope' | 'intercept';
  readonly coefficient: RatioCoefficient | null;
}

/** The lines of the critical ratio, a row a coefficient, as a sealed Parquet file. */
export function encodeRatioLaws(laws: readonly RatioLaw[]): Uint8Array {
  const rows = laws.flatMap((law) =>
    (['slope', 'intercept'] as const).map((of) => ({ ...law, of, coefficient: law[of] })),
  );
  return encode(RATIO_LAW_COLUMNS, rows);
}

/** The slices that those lines were found from as a sealed Parquet file. */
export function encodeRatioPlaces(laws: readonly RatioLaw[]): Uint8Array {
  const rows = laws.flatMap(({ majorityClasses, minorityClasses, places }) =>
    places.map((place) => ({ majorityClasses, minorityClasses, ...place })),
  );
  return encode(RATIO_PLACE_COLUMNS, rows);
}

/** The transitions of both solvers as a sealed Parquet file. */
export function encodeComparisons(comparisons: readonly SolverComparison[]): Uint8Array {
  return encode(COMPARISON_COLUMNS, comparisons);
}

/** The limits as a sealed Parquet file. */
export function encodeLimits(limits: readonly Limit[]): Uint8Array {
  return encode(LIMIT_COLUMNS, limits);
}

function encode<Answer>(columns: Columns<Answer>, answers: readonly Answer[]): Uint8Array {
  const shapes = columns.map(([name, type]): ColumnShape => ({ name, type, nullable: true }));
  const group = columns.map(([, , of]) => answers.map(of));
  return encodeParquet(shapes, answers.length === 0 ? [] : [group]);
}
