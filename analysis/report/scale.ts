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

/** A logarithmic scale where values span more than a decade, with ticks that all have a label. */
export function scaleOf(values: readonly number[]): AxisScale {
  const [low, high] = values.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity],
  );
  return low > 0 && high > 10 * low ? logScale(low, high) : { type: 'linear', ticks: 4 };
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
