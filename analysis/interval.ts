import { bracketOf, type Change, type Observation } from '../study/bracket.js';

/** Why there is no answer, in words that say what would help. */
export interface Refusal {
  readonly refusal: string;
}

/**
 * Encloses a transition between the last value of the axis certified on one side and the first on the other. Undecided
 * values between them widen the interval and are counted in it. Certificates are statements about the optimum, so
 * seeds cannot disagree, and along an axis the phase is expected to change once; whatever contradicts this is
 * refused with the reason.
 */
export function certifiedInterval(observations: readonly Observation[]): Change | Refusal {
  const bracket = bracketOf(observations);
  if (bracket.kind === 'bracketed') return bracket;
  if (bracket.kind === 'none') return { refusal: reasonForNone(observations) };
  const { changes, contradictions } = bracket;
  if (contradictions.length > 0) {
    return { refusal: `certificates contradict each other at ${firstFew(contradictions)}` };
  }
  const places = firstFew(changes.map(({ upper }) => upper));
  return {
    refusal: `the phase changes ${changes.length} times, before ${places}: cut the axis in between`,
  };
}

/**
 * Encloses a transition of which rows hold no certificate between values where a singular value is seen, one more on
 * either side for the solver's own error.
 */
export function observedInterval(observations: readonly Observation[]): Change | Refusal {
  const bracket = bracketOf(observations);
  if (bracket.kind === 'bracketed') {
    const { lower, upper } = bracket;
    const values = [...new Set(observations.map(({ value }) => value))].sort((a, b) => a - b);
    return {
      ...bracket,
      lower: values[values.indexOf(lower) - 1] ?? lower,
      upper: values[values.indexOf(upper) + 1] ?? upper,
    };
  }
  if (bracket.kind === 'inconsistent') {
    return { refusal: 'the singular value vanishes and comes back: cut the axis in between' };
  }
  const zero = observations.some(({ reached }) => reached === true);
  return { refusal: `the singular value is ${zero ? 'zero' : 'above zero'} all along the axis` };
}

function reasonForNone(observations: readonly Observation[]): string {
  const decided = observations.find(({ reached }) => reached !== null);
  if (decided === undefined) {
    return 'no point is certified either way: a smaller tolerance may decide';
  }
  const phase = decided.reached === true ? 'collapsed' : 'not collapsed';
  return `every certified point is ${phase}: the transition is outside the range of the axis`;
}

function firstFew(values: readonly number[]): string {
  return values.slice(0, 4).join(', ') + (values.length > 4 ? ', ...' : '');
}
