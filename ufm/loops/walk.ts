import type { BalancedProblem } from '../first-order/balance.js';
import type { Move, Observation } from '../first-order/descent.js';
import { evaluate, prepare, type Objective } from './objective.js';

/** The vectors of one problem under way; see `Layout`. */
export interface Walk {
  readonly objective: Objective;
  /** Where it stands. */
  readonly variables: Float64Array;
  /** The direction in which it searches. */
  readonly direction: Float64Array;
  /** The gradient where it stands, and where its line search began. */
  gradient: Float64Array;
  base: Float64Array;
}

export function beginWalk(problem: BalancedProblem, start: Float64Array): Walk {
  const zeros = () => new Float64Array(start.length);
  return {
    objective: prepare(problem),
    variables: start,
    direction: zeros(),
    gradient: zeros(),
    base: zeros(),
  };
}

export function observe({ objective, variables, direction, gradient, base }: Walk): Observation {
  const value = evaluate(objective, variables, gradient);
  let slope = 0;
  let gradientSquared = 0;
  let gradientDotChange = 0;
  let changeSquared = 0;
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i]!;
    const change = g - base[i]!;
    slope += direction[i]! * g;
    gradientSquared += g * g;
    gradientDotChange += g * change;
    changeSquared += change * change;
  }
  return { value, slope, gradientSquared, gradientDotChange, changeSquared };
}

export function moveOn(
  walk: Walk,
  { accepted, ofGradient, ofChange, ofDirection, advance }: Move,
): void {
  const { variables, direction, gradient, base } = walk;
  if (accepted) {
    for (let i = 0; i < direction.length; i++) {
      const g = gradient[i]!;
      const turned = ofGradient * g + ofChange * (g - base[i]!) + ofDirection * direction[i]!;
      direction[i] = turned;
      variables[i]! += advance * turned;
    }
    // The next evaluation writes its gradient over the old base.
    walk.base = gradient;
    walk.gradient = base;
  } else {
    for (let i = 0; i < direction.length; i++) variables[i]! += advance * direction[i]!;
  }
}
