import { increasingRoot } from '../../ufm/models/increasing-root.js';

/** The place between `left` and `right` where a continuous function that is positive at `left` ceases to be. */
export function rootOf(f: (x: number) => number, left: number, right: number): number {
  return increasingRoot((x) => ({ value: -f(x), slope: 0 }), left, right);
}
