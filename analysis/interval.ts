/** What is certified at one value of an axis. Seeds give several sightings of one value. */
export interface Sighting {
  readonly x: number;
  /** By certificate; null when it cannot decide, or the point has no solution. */
  readonly collapsed: boolean | null;
}

/** A transition enclosed between two certified values of the axis. */
export interface CertifiedInterval {
  readonly lower: number;
  readonly upper: number;
  /** Whether the collapsed phase lies above the interval (as along lambda) or below it. */
  readonly collapsedAbove: boolean;
  /** Values of the axis strictly inside, where no certificate decides: each widens the interval. */
  readonly undecided: number;
}

/** Why there is no answer, in words that say what would help. */
export interface Refusal {
  readonly refusal: string;
}

/**
 * Encloses the transition between the last value certified on one side and the first on the other. Certificates
 * are statements about the optimum, so seeds at one value cannot disagree, and along an axis the phase is
 * expected to change once; whatever contradicts this is refused with the reason.
 */
export function certifiedInterval(sightings: readonly Sighting[]): CertifiedInterval | Refusal {
  const phases = new Map<number, boolean | null>();
  for (const { x, collapsed } of sightings) {
    const known = phases.get(x) ?? null;
    if (known !== null && collapsed !== null && known !== collapsed) {
      return {
        refusal: `certificates disagree at ${x}: one seed is certified collapsed, another one not`,
      };
    }
    phases.set(x, known ?? collapsed);
  }
  const places = [...phases].sort(([a], [b]) => a - b);
  const decided = places.filter(([, phase]) => phase !== null);
  const first = decided[0];
  if (first === undefined)
    return { refusal: 'no point is certified either way; a smaller tolerance may decide' };
  const changes = decided.slice(1).filter(([, phase], i) => phase !== decided[i]![1]);
  if (changes.length === 0) {
    const phase = first[1] === true ? 'collapsed' : 'not collapsed';
    return {
      refusal: `every certified point is ${phase}: the transition is outside the range of the axis`,
    };
  }
  if (changes.length > 1) {
    const where = changes.map(([x]) => x).slice(0, 4);
    return {
      refusal: `the phase changes ${changes.length} times (before ${where.join(', ')}): cut the axis there`,
    };
  }
  const [upper, collapsedAbove] = changes[0]!;
  const [lower] = decided[decided.indexOf(changes[0]!) - 1]!;
  const inside = places.filter(([x]) => lower < x && x < upper);
  return { lower, upper, collapsedAbove: collapsedAbove === true, undecided: inside.length };
}
