import { tidyNumber } from './range.js';

/** What is known at one value of the search axis. */
export interface Observation {
  readonly value: number;
  /** Whether the transition lies behind, by certificate; null when the certificate cannot decide. */
  readonly reached: boolean | null;
}

/** Two neighbouring values of which one has the transition behind and one before it. */
export interface Change {
  /** The last decided value before the change. */
  readonly lower: number;
  /** The first decided value after it; above `lower`. */
  readonly upper: number;
  /** Whether the transition is reached as the axis grows, rather than left. */
  readonly rising: boolean;
  /** How many observed values between them are undecided. */
  readonly undecided: number;
}

/**
 * What observations say about one transition.
 *
 * - `bracketed`: it lies between `lower` and `upper`.
 * - `none`: every decided value lies on one side, so that there is nothing to refine.
 * - `inconsistent`: there is more than one change, or certificates contradict each other at a value.
 */
export type Bracket =
  | ({ readonly kind: 'bracketed' } & Change)
  | { readonly kind: 'none' }
  | {
      readonly kind: 'inconsistent';
      readonly changes: readonly Change[];
      readonly contradictions: readonly number[];
    };

export interface Refinement {
  /** Relative width of a bracket, (upper - lower) / midpoint, that is narrow enough. Not used on integer axes. */
  readonly tolerance: number;
  /** An integer axis is refined until `upper` and `lower` are neighbours. */
  readonly integer: boolean;
  /** How many values to ask for at once, >= 1. */
  readonly pointsPerRound: number;
}

/**
 * The most undecided values that a bracket may hold. Close to a transition no certificate can decide, and more
 * values there would only be more of the same.
 */
const MOST_UNDECIDED = 8;
/** On an axis that starts at zero a width relative to the values never ends: relative to the largest one it does. */
const SMALLEST_WIDTH = 1e-9;

/** Where the transition lies. Neither the order of observations nor their repetition matters. */
export function bracketOf(observations: readonly Observation[]): Bracket {
  const { decided, undecided, contradictions } = told(observations);
  const changes = decided.flatMap(({ value: upper, reached: rising }, i): Change[] => {
    const before = decided[i - 1];
    if (before === undefined || before.reached === rising) return [];
    const lower = before.value;
    const between = undecided.filter((value) => lower < value && value < upper);
    return [{ lower, upper, rising, undecided: between.length }];
  });
  const [change, ...others] = changes;
  if (others.length > 0 || contradictions.length > 0) {
    return { kind: 'inconsistent', changes, contradictions };
  }
  return change === undefined ? { kind: 'none' } : { kind: 'bracketed', ...change };
}

/**
 * The values to observe next, ascending and new, all strictly inside the bracket; none when the bracket is narrow
 * enough, when there is none or more than one, or when undecided values leave no room for progress.
 *
 * The bracket is cut into equal parts (multi-section, the parallel bisection). Undecided values cut it as well: the
 * widest gaps between them come first, so that it closes in from both sides on what cannot be decided.
 */
export function refine(observations: readonly Observation[], refinement: Refinement): number[] {
  const bracket = bracketOf(observations);
  if (bracket.kind !== 'bracketed' || bracket.undecided >= MOST_UNDECIDED) return [];
  const { lower, upper } = bracket;
  const resolution = resolutionOf(observations, bracket, refinement);
  if (upper - lower <= resolution) return [];

  const inside = told(observations).undecided.filter((value) => lower < value && value < upper);
  const marks = [lower, ...inside, upper];
  // Together the gaps are to be as narrow as a bracket without undecided values; integers cannot be closer.
  const narrow = refinement.integer ? resolution : resolution / (inside.length + 1);
  const gaps = marks.slice(1).map((end, i) => ({ start: marks[i]!, end, parts: 1 }));
  for (let asked = 0; asked < refinement.pointsPerRound; asked++) {
    const widest = gaps.reduce((left, right) =>
      partWidth(right) > partWidth(left) ? right : left,
    );
    if (partWidth(widest) <= narrow) break;
    widest.parts += 1;
  }
  return gaps.flatMap(({ start, end, parts }) =>
    Array.from({ length: parts - 1 }, (_, i) => start + ((end - start) * (i + 1)) / parts)
      .map(refinement.integer ? Math.round : tidyNumber)
      .filter((value) => start < value && value < end),
  );
}

/** Observations by value: what certificates say of it, if they say the same. */
interface Told {
  readonly decided: readonly { readonly value: number; readonly reached: boolean }[];
  readonly undecided: readonly number[];
  readonly contradictions: readonly number[];
}

function told(observations: readonly Observation[]): Told {
  const verdicts = new Map<number, Set<boolean>>();
  for (const { value, reached } of observations) {
    const verdict = verdicts.get(value) ?? new Set();
    if (reached !== null) verdict.add(reached);
    verdicts.set(value, verdict);
  }
  const ascending = [...verdicts].sort(([left], [right]) => left - right);
  const valuesWith = (size: number): number[] =>
    ascending.filter(([, verdict]) => verdict.size === size).map(([value]) => value);
  return {
    decided: ascending.flatMap(([value, verdict]) =>
      verdict.size === 1 ? [{ value, reached: verdict.has(true) }] : [],
    ),
    undecided: valuesWith(0),
    contradictions: valuesWith(2),
  };
}

/** The width at which a bracket needs no further cut. */
function resolutionOf(
  observations: readonly Observation[],
  { lower, upper }: Change,
  refinement: Refinement,
): number {
  if (refinement.integer) return 1;
  const relative = refinement.tolerance * ((lower + upper) / 2);
  if (lower > 0) return relative;
  const largest = Math.max(...observations.map(({ value }) => Math.abs(value)));
  return Math.max(relative, SMALLEST_WIDTH * largest);
}

function partWidth({ start, end, parts }: { start: number; end: number; parts: number }): number {
  return (end - start) / parts;
}
