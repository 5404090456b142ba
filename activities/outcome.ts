import type { Status } from '../ufm/solution.js';

/** Whether a point has no solution: it counts as failed, and is solved again only when asked to. */
export function hasFailed(status: Status): boolean {
  return status === 'failed' || status === 'diverged';
}
