import { gridSize } from '../study/expand.js';
import type { Study } from '../study/study.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';

/** The most points that a study may have unless it is said that so many are meant. */
const LARGEST_STUDY = 1_000_000;

/**
 * Stops at a study of so many points that they may be a slip. The points are counted, not listed, and equal ones
 * as often as they stand there.
 *
 * @param yes whether so many are meant
 * @throws Failure (bad usage) that names the largest grid.
 */
export function requireMeant(study: Study, yes: boolean): void {
  if (yes) return;
  const sizes = study.grids.map((grid) => ({ name: grid.name, size: gridSize(grid) }));
  const points = sizes.reduce((sum, { size }) => sum + size, 0);
  if (points <= LARGEST_STUDY) return;
  const largest = sizes.reduce((a, b) => (b.size > a.size ? b : a));
  throw new Failure(
    `the study ${study.name} has ${counted(points)} points, ${counted(largest.size)} of them in the grid ${largest.name}; ` +
      `above ${counted(LARGEST_STUDY)} say --yes if so many are meant. ` +
      '`ufm-sweep plan --yes` tells how long they would take; nothing was done',
    EXIT.badUsage,
  );
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
