import type { ConvexProblem } from '../problem.js';

/**
 * What adds the same to the logits of all classes, 1 / delta, as a unit vector in the coordinates of the mean block's rows:
 * no prediction depends on it, and no residual has a part along it.
 */
export function constantLogits({ classes, logitScales }: ConvexProblem): Float64Array {
  const squares = logitScales.map((scale) => scale * scale);
  let all = 0;
  for (let i = 0; i < classes.length; i++) all += classes[i]! / squares[i]!;
  return classes.map((k, i) => Math.sqrt(k / (squares[i]! * all)));
}
