import { encodeAnswers, shapesOf, type Columns } from './answer-columns.js';
import type { RatioCoefficient, RatioLaw, RatioPlace } from './ratio-law.js';
import type { LawCoefficient } from './law-coefficients.js';
import type { LawPlace, ThresholdLaw } from './threshold-law.js';

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

/** The files about laws, with the names and types of their columns. */
export const LAW_SHAPES = {
  'laws.parquet': shapesOf(LAW_COLUMNS),
  'law-places.parquet': shapesOf(LAW_PLACE_COLUMNS),
  'ratio-laws.parquet': shapesOf(RATIO_LAW_COLUMNS),
  'ratio-places.parquet': shapesOf(RATIO_PLACE_COLUMNS),
} as const;

type OfLaw<Part> = Part & Pick<ThresholdLaw, 'transition'>;

/** The coefficients of the laws as a sealed Parquet file. */
export function encodeLaws(laws: readonly ThresholdLaw[]): Uint8Array {
  const rows = laws.flatMap(({ transition, coefficients }) =>
    coefficients.map((each) => ({ transition, ...each })),
  );
  return encodeAnswers(LAW_COLUMNS, rows);
}

/** The slices that the laws were found from, with their residuals, as a sealed Parquet file. */
export function encodeLawPlaces(laws: readonly ThresholdLaw[]): Uint8Array {
  const rows = laws.flatMap(({ transition, places }) =>
    places.map((each) => ({ transition, ...each })),
  );
  return encodeAnswers(LAW_PLACE_COLUMNS, rows);
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
  return encodeAnswers(RATIO_LAW_COLUMNS, rows);
}

/** The slices that those lines were found from as a sealed Parquet file. */
export function encodeRatioPlaces(laws: readonly RatioLaw[]): Uint8Array {
  const rows = laws.flatMap(({ majorityClasses, minorityClasses, places }) =>
    places.map((place) => ({ majorityClasses, minorityClasses, ...place })),
  );
  return encodeAnswers(RATIO_PLACE_COLUMNS, rows);
}
