import { roundDown, roundUp, type Interval } from './rounding.js';

/**
 * Where x can lie in [0, 1] when the binary divergence kl(y || x) is at most `budget` and y lies in the interval given.
 * From kl(y || x) = int_x^y (y - t) / (t (1 - t)) dt, so that with e the budget and d = |y - x|
 *
 *     below y:  d <= sqrt(2 e min(y, 1/4))  and  d <= e + sqrt(e^2 + 2 e (1 - y))      (t (1 - t) <= min(y, 1/4, 1 - x))
 *
 * and the mirror image, y for 1 - y, above.
 */
export function divergenceBall(y: Interval, budget: number): Interval {
  if (!(budget < Infinity)) return { low: 0, high: 1 };
  const below = radius(y.high, 1 - y.low, budget);
  const above = radius(1 - y.low, y.high, budget);
  return {
    low: roundDown(Math.max(0, y.low - below), 1),
    high: Math.min(1, roundUp(y.high + above, 1)),
  };
}

/**
 * An upper bound of how far below y the ball reaches, from upper bounds of y and of 1 - y. Products of roots, since a
 * product of two small numbers may underflow.
 */
function radius(y: number, complement: number, budget: number): number {
  const root = Math.sqrt(budget);
  const first = root * Math.sqrt(2 * Math.min(y, 0.25));
  const second = budget + root * Math.sqrt(budget + 2 * complement);
  return roundUp(Math.min(first, second), 6);
}
