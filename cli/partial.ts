import type { MissingCount } from '../results/missing.js';
import { warn } from './output.js';

/** Whether what is shown of a study is not all of it, or not yet. */
export function isPartial({ planned, missing }: MissingCount): boolean {
  return planned === 0 || missing > 0;
}

/** Says so where it is. */
export function warnIfPartial(name: string, count: MissingCount): void {
  if (!isPartial(count)) return;
  warn(
    count.planned === 0
      ? `nothing of ${name} has been planned yet`
      : `partial: ${count.missing} of the ${count.planned} points of ${name} planned so far have no row yet`,
  );
}
