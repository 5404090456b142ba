import { LARGEST_AXIS } from './range.js';
import { asMapping } from './settings.js';

/**
 * How many values the axes of a study file list, ranges written out and defaults once for every grid; an upper bound,
 * found without writing anything out, of a value that may be anything.
 */
export function valueCount(study: unknown): number {
  const { defaults, grids } = asMapping(study);
  const gridCount = Array.isArray(grids) ? grids.length : 0;
  return countIn(grids) + gridCount * countIn(defaults);
}

/** At least 1, whatever the numbers of a range may be. */
function countIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  const listed = items.reduce<number>((sum, item) => sum + countIn(item), 0);
  return Math.max(1, listed, Array.isArray(value) ? 0 : rangeCount(value));
}

/** How many values a mapping stands for, as a range; what is longer is refused by itself, and not written out. */
function rangeCount(mapping: object): number {
  const { from, to, step, points } = mapping as Readonly<Record<string, unknown>>;
  if (typeof points === 'number') return Math.min(points, LARGEST_AXIS) || 0;
  if (typeof from !== 'number' || typeof to !== 'number' || typeof step !== 'number') return 0;
  return Math.min(Math.abs((to - from) / step) + 1, LARGEST_AXIS) || 0;
}
