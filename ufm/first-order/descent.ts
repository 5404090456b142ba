/**
 * The decisions of one instance's descent: memoryless BFGS (Shanno 1978; L-BFGS with one pair, Nocedal & Wright 2006,
 * section 7.2) with a backtracking line search. They need a few scalars an evaluation and run in float64 on the
 * host; the vectors stay with the engine, where a move is a linear combination of three of them.
 */
export interface Descent {
  /** Length of the step along the direction to where the instance stands now. */
  readonly step: number;
  /** Objective and slope along the direction where the line search began. */
  readonly value: number;
  readonly slope: number;
  /** Rejected steps of this line search. */
  readonly backtracks: number;
  /** Whether the instance stands at its base, without a direction: at the start and after a search that found nothing. */
  readonly atBase: boolean;
}

/** What the engine found where an instance stands. `change` is the gradient less the gradient at the base. */
export interface Observation {
  readonly value: number;
  /** direction . gradient */
  readonly slope: number;
  readonly gradientSquared: number;
  readonly gradientDotChange: number;
  readonly changeSquared: number;
}

/**
 * What the engine does next: the base's gradient becomes the current one where `accepted`; the direction becomes
 * ofGradient gradient + ofChange change + ofDirection direction; the variables move by advance times the new direction.
 */
export interface Move {
  readonly accepted: boolean;
  readonly ofGradient: number;
  readonly ofChange: number;
  readonly ofDirection: number;
  readonly advance: number;
}

/** In units of lambda the penalty's curvature is 1 and mostly the loss's at most about that: half a Newton step. */
const FIRST_STEP = 0.5;
const SUFFICIENT_DECREASE = 1e-4;
/** Where a rise is below so many roundings, the slope decides (approximate Wolfe, Hager & Zhang 2005). */
const NEAR = 30;
const CURVATURE = 0.8;
const LEAST_SHRINK = 0.5;
const MOST_SHRINK = 0.1;
const MOST_BACKTRACKS = 12;
/** Below it the change of the gradient says nothing about the curvature. */
const LEAST_CURVATURE = 1e-10;

/** Before the first evaluation. */
export const beginDescent: Descent = {
  step: 0,
  value: Infinity,
  slope: 0,
  backtracks: 0,
  atBase: true,
};

/** Whether every number of an observation is finite. */
export function isFinite(observation: Observation): boolean {
  const { value, slope, gradientSquared, gradientDotChange, changeSquared } = observation;
  return Number.isFinite(value + slope + gradientSquared + gradientDotChange + changeSquared);
}

/**
 * What an instance does after it was evaluated where it stands: accept and turn, shorten its step, or go back. `rounding` is
 * that of the value, relative: a rise below it is no rise.
 */
export function descend(
  descent: Descent,
  seen: Observation,
  rounding: number,
): { descent: Descent; move: Move } {
  if (descent.atBase) return steepest(seen);
  if (isAcceptable(descent, seen, rounding)) return memorylessBfgs(descent, seen);
  if (descent.backtracks < MOST_BACKTRACKS) return backtrack(descent, seen);
  return returnToBase(descent);
}

function isAcceptable(descent: Descent, seen: Observation, rounding: number): boolean {
  const rise = seen.value - descent.value;
  const noise = rounding * Math.abs(descent.value);
  if (rise <= SUFFICIENT_DECREASE * descent.step * descent.slope + noise) return true;
  return rise <= NEAR * noise && Math.abs(seen.slope) <= CURVATURE * -descent.slope;
}

function steepest(seen: Observation) {
  return begin(seen.value, -FIRST_STEP * seen.gradientSquared, {
    ofGradient: -FIRST_STEP,
    ofChange: 0,
    ofDirection: 0,
  });
}

/** The new direction -H gradient, H the BFGS update of a multiple of the identity by the step s and its change y. */
function memorylessBfgs({ step, slope }: Descent, seen: Observation) {
  const { gradientSquared, gradientDotChange, changeSquared } = seen;
  const sy = step * (seen.slope - slope);
  if (!(sy > LEAST_CURVATURE * changeSquared)) return steepest(seen);
  const sg = step * seen.slope;
  const multiple = sy / changeSquared;
  const ratio = sg / sy;
  const alongChange = multiple * ratio;
  const alongStep = 2 * ratio - (multiple * gradientDotChange) / sy;
  const newSlope = -multiple * gradientSquared + alongChange * gradientDotChange - alongStep * sg;
  if (!(newSlope < 0)) return steepest(seen);
  return begin(seen.value, newSlope, {
    ofGradient: -multiple,
    ofChange: alongChange,
    ofDirection: -alongStep * step,
  });
}

function begin(
  value: number,
  slope: number,
  direction: Pick<Move, 'ofGradient' | 'ofChange' | 'ofDirection'>,
): { descent: Descent; move: Move } {
  return {
    descent: { step: 1, value, slope, backtracks: 0, atBase: false },
    move: { accepted: true, ...direction, advance: 1 },
  };
}

/** Shrinks the step to the minimum of the parabola through what is known, within bounds. */
function backtrack(descent: Descent, seen: Observation): { descent: Descent; move: Move } {
  const drop = descent.step * descent.slope;
  const shrink = drop / (2 * (drop - (seen.value - descent.value)));
  const step = descent.step * Math.min(Math.max(shrink, MOST_SHRINK), LEAST_SHRINK);
  return {
    descent: { ...descent, step, backtracks: descent.backtracks + 1 },
    move: { ...stay, advance: step - descent.step },
  };
}

function returnToBase(descent: Descent): { descent: Descent; move: Move } {
  return {
    descent: beginDescent,
    move: { ...stay, advance: -descent.step },
  };
}

/** Keeps base, direction and variables as they are. */
export const stay: Move = {
  accepted: false,
  ofGradient: 0,
  ofChange: 0,
  ofDirection: 1,
  advance: 0,
};
