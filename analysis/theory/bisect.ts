/** Steps after which an interval of float64 has no middle left, from any two finite numbers of one order and more. */
const MOST_STEPS = 200;

/** The place between `left` and `right` where a continuous function that is positive at `left` ceases to be. */
export function bisect(f: (x: number) => number, left: number, right: number): number {
  let [positive, other] = [left, right];
  for (let step = 0; step < MOST_STEPS; step++) {
    const middle = (positive + other) / 2;
    if (middle === positive || middle === other) break;
    if (f(middle) > 0) positive = middle;
    else other = middle;
  }
  return (positive + other) / 2;
}
