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

function countIn(value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + countIn(item), 0);
  }
  if (typeof value !== 'object' || value === null) return 1;
  const { from, to, step, points } = value as Readonly<Record<string, unknown>>;
  // What is longer is refused by itself, and not written out.
  if (typeof points === 'number') return Math.min(points, LARGEST_AXIS);
  if (typeof from === 'number' && typeof to === 'number' && typeof step === 'number') {
    return Math.min(Math.abs((to - from) / step) + 1, LARGEST_AXIS);
  }
  return countIn(Object.values(value));
}
