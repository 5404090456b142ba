import type { Status } from '../ufm/solution.js';

/** Whether a point has no solution: it counts as failed, and is solved again only when asked to. */
export function hasFailed(status: Status): boolean {
  return status === 'failed' || status === 'diverged';
}

/** From the best to the worst: of several rows of a point the view `landed` has the first in this order. */
const ORDER: readonly Status[] = ['certified', 'uncertified', 'diverged', 'failed'];

/** Whether a status counts in place of another; any does in place of none. */
export function isBetter(status: Status, than: Status | undefined): boolean {
  return than === undefined || ORDER.indexOf(status) < ORDER.indexOf(than);
}
