const MISSING = '–';
/** Digits that a person still compares. */
const MOST_DIGITS = 8;

/** A number for people: four significant digits. */
export function formatNumber(value: number | null): string {
  if (value === null) return MISSING;
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  return trimExponent(value.toPrecision(4));
}

/** A number with the digits that a width around it leaves meaningful: two of the width's own. */
export function formatWithin(value: number | null, width: number): string {
  if (value === null) return MISSING;
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  if (value === 0 || !(width > 0)) return formatNumber(value);
  const digits = Math.ceil(Math.log10(Math.abs(value) / width)) + 2;
  return trimExponent(value.toPrecision(Math.min(MOST_DIGITS, Math.max(3, digits))));
}

/** `low … high`, with the digits that tell the ends apart and one more. */
export function formatInterval(interval: readonly [number, number] | null): string {
  if (interval === null) return MISSING;
  const [low, high] = interval.map((end) => formatWithin(end, 10 * (interval[1] - interval[0])));
  return low === high ? low! : `${low!} … ${high!}`;
}

/** `low … high` of two ends that are known together or not at all. */
export function formatEnds(low: number | null, high: number | null): string {
  return low === null || high === null ? MISSING : formatInterval([low, high]);
}

/** A count with its noun: `1 point`, `12,000 points`. */
export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A grid and one of its slices, which has a name of its own only where there are several. */
export function formatPlace(grid: string, slice: string): string {
  return slice === 'all' ? grid : `${grid}: ${slice}`;
}

function trimExponent(text: string): string {
  return text.replace('e+', 'e');
}
