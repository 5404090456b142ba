/** How an axis is divided: options of a scale of Observable Plot. */
export interface AxisScale {
  readonly type: 'log' | 'linear';
  readonly ticks: number | number[];
  readonly tickFormat?: (value: number) => string;
}

/** Labels that an axis has room for. */
const MOST_TICKS = 6;
/** Ways to divide a decade, the finest first. */
const DIVISIONS = [[1, 2, 3, 5], [1, 2, 5], [1, 3], [1]] as const;

/**
 * A logarithmic scale where positive values span more than a decade and are spread more evenly on it than on a linear one.
 * What a search adds between them changes no such thing.
 */
export function scaleOf(values: readonly number[]): AxisScale {
  const ascending = [...values].sort((a, b) => a - b);
  const [low = 0, high = 0] = [ascending[0], ascending.at(-1)];
  const logarithmic =
    low > 0 && high > 10 * low && widestGap(ascending.map(Math.log)) <= widestGap(ascending);
  return logarithmic ? logScale(low, high) : linearScale(Math.max(-low, high), 4);
}

/** A linear scale, for values of which none is farther from zero than `largest`. */
export function linearScale(largest: number, ticks: number): AxisScale {
  const format = tickFormatOf(largest);
  return { type: 'linear', ticks, ...(format !== null && { tickFormat: format }) };
}

/** A logarithmic scale for values from `low` to `high`, both > 0. */
export function logScale(low: number, high: number): AxisScale {
  return { type: 'log', ticks: logTicks(low, high), tickFormat: shortNumber };
}

/** Round numbers from `low` to `high`, evenly on a logarithmic axis, and no more than have room. */
export function logTicks(low: number, high: number): number[] {
  const decades = Array.from({ length: 60 }, (_, i) => i - 30);
  const inside = (digits: readonly number[]): number[] =>
    decades
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((value) => low * 0.999 <= value && value <= high * 1.001);
  const fitting = DIVISIONS.map(inside).find((ticks) => ticks.length <= MOST_TICKS);
  if (fitting !== undefined) return fitting;
  const powers = inside([1]);
  return powers.filter((_, i) => i % Math.ceil(powers.length / MOST_TICKS) === 0);
}

/** `0.001`, `20000`, `1e5`. */
export function shortNumber(value: number): string {
  if (value >= 1e5 || value < 1e-3) return value.toExponential(0).replace('e+', 'e');
  return String(Number(value.toPrecision(6)));
}

/** Labels that stay short where numbers are large or small; null where plain ones do. */
function tickFormatOf(largest: number): ((value: number) => string) | null {
  if (largest >= 1e5 || (largest > 0 && largest < 1e-3)) {
    return (value) =>
      value === 0 ? '0' : Number(value.toPrecision(3)).toExponential().replace('e+', 'e');
  }
  return largest >= 1e4 ? String : null;
}

/** The widest gap between neighbours, as a share of the whole range. */
function widestGap(ascending: readonly number[]): number {
  const widest = ascending.reduce(
    (most, value, i) => Math.max(most, value - (ascending[i - 1] ?? value)),
    0,
  );
  return widest / (ascending.at(-1)! - ascending[0]!);
}
