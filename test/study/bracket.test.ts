import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { bracketOf, refine, type Observation, type Refinement } from '../../study/bracket.js';

const refinement: Refinement = { tolerance: 1e-3, integer: false, pointsPerRound: 3 };
const observe = (...pairs: [number, boolean | null][]): Observation[] =>
  pairs.map(([value, reached]) => ({ value, reached }));

/** A transition that certificates decide only outside of a band around it. */
interface Transition {
  readonly root: number;
  readonly rising: boolean;
  readonly band: number;
}

const look = ({ root, rising, band }: Transition, value: number): Observation => {
  const undecidable = Math.abs(value - root) <= band;
  return { value, reached: undecidable ? null : value > root === rising };
};

/** Asks and tells until nothing is asked any more. */
function search(transition: Transition, start: readonly number[], settings: Refinement) {
  let observations = start.map((value) => look(transition, value));
  let rounds = 0;
  for (;;) {
    const asked = refine(observations, settings);
    if (asked.length === 0) return { observations, rounds };
    const bracket = bracketOf(observations);
    if (bracket.kind !== 'bracketed') throw new Error('asked without a bracket');
    const known = new Set(observations.map(({ value }) => value));
    for (const value of asked) {
      expect(value).toBeGreaterThan(bracket.lower);
      expect(value).toBeLessThan(bracket.upper);
      expect(known.has(value)).toBe(false);
      if (settings.integer) expect(Number.isInteger(value)).toBe(true);
    }
    expect(asked.length).toBeLessThanOrEqual(settings.pointsPerRound);
    observations = [...observations, ...asked.map((value) => look(transition, value))];
    rounds += 1;
    if (rounds > 200) throw new Error('does not end');
  }
}

function* transitions(count: number) {
  const random = xoroshiro128plus(2309);
  for (let i = 0; i < count; i++) {
    const integer = uniformInt(random, 0, 1) === 1;
    const lower = integer ? uniformInt(random, 0, 100) : 10 ** (6 * uniformFloat64(random) - 6);
    const upper = integer
      ? lower + uniformInt(random, 1, 1e6)
      : lower * (1 + 10 * uniformFloat64(random));
    const root = lower + (upper - lower) * (0.001 + 0.998 * uniformFloat64(random));
    const decidable = uniformInt(random, 0, 1) === 1;
    const band = decidable
      ? 0
      : Math.min(root - lower, upper - root) * 0.9 * uniformFloat64(random);
    const settings: Refinement = {
      integer,
      tolerance: 10 ** (-1 - 5 * uniformFloat64(random)),
      pointsPerRound: uniformInt(random, 1, 6),
    };
    yield {
      transition: { root, rising: uniformInt(random, 0, 1) === 1, band },
      start: [lower, upper],
      settings,
      random,
    };
  }
}

describe('a bracket', () => {
  it('is the last decided value on one side and the first on the other', () => {
    const observations = observe([1, false], [2, false], [3, null], [4, true], [5, true]);
    expect(bracketOf(observations)).toEqual({
      kind: 'bracketed',
      lower: 2,
      upper: 4,
      rising: true,
      undecided: 1,
    });
  });

  it('may fall', () => {
    expect(bracketOf(observe([1, true], [2, false]))).toMatchObject({
      lower: 1,
      upper: 2,
      rising: false,
    });
  });

  it('is none where every decided value lies on one side, and then nothing is asked', () => {
    for (const observations of [[], observe([1, null]), observe([1, true], [2, true], [3, null])]) {
      expect(bracketOf(observations)).toEqual({ kind: 'none' });
      expect(refine(observations, refinement)).toEqual([]);
    }
  });

  it('is inconsistent where there are two changes, which are both told', () => {
    const observations = observe([1, false], [2, true], [3, null], [4, false]);
    expect(bracketOf(observations)).toEqual({
      kind: 'inconsistent',
      changes: [
        { lower: 1, upper: 2, rising: true, undecided: 0 },
        { lower: 2, upper: 4, rising: false, undecided: 1 },
      ],
      contradictions: [],
    });
    expect(refine(observations, refinement)).toEqual([]);
  });

  it('is inconsistent where certificates contradict each other at one value', () => {
    const observations = observe([1, false], [2, true], [2, false], [3, true]);
    expect(bracketOf(observations)).toMatchObject({ kind: 'inconsistent', contradictions: [2] });
    expect(refine(observations, refinement)).toEqual([]);
  });

  it('takes a value as decided when one of its observations is', () => {
    const observations = observe([1, false], [2, null], [2, true], [2, null]);
    expect(bracketOf(observations)).toMatchObject({ lower: 1, upper: 2, undecided: 0 });
  });
});

describe('refinement', () => {
  it('cuts a bracket into equal parts', () => {
    expect(refine(observe([1, false], [2, true]), refinement)).toEqual([1.25, 1.5, 1.75]);
  });

  it('asks for no more values than the tolerance needs', () => {
    expect(refine(observe([100, false], [100.15, true]), refinement)).toEqual([100.075]);
    expect(refine(observe([10, false], [12, true]), { ...refinement, integer: true })).toEqual([
      11,
    ]);
  });

  it('ends with neighbours on an integer axis, whatever the tolerance', () => {
    const done = observe([10, false], [11, true]);
    expect(refine(done, { ...refinement, integer: true, tolerance: 1e-9 })).toEqual([]);
  });

  it('goes around an undecided value', () => {
    const asked = refine(observe([1, false], [1.4, null], [2, true]), {
      ...refinement,
      pointsPerRound: 2,
    });
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBeLessThan(1.4);
    expect(asked[1]).toBeGreaterThan(1.4);
  });

  it('is as narrow as was asked around a grid point that lies on the transition itself', () => {
    let observations = observe([1, false], [1.5, null], [2, true]);
    for (
      let asked = refine(observations, refinement);
      asked.length > 0;
      asked = refine(observations, refinement)
    ) {
      observations = [...observations, ...asked.map((value) => ({ value, reached: value > 1.5 }))];
    }
    const bracket = bracketOf(observations);
    if (bracket.kind !== 'bracketed') throw new Error('lost the bracket');
    expect(bracket.undecided).toBe(1);
    expect((bracket.upper - bracket.lower) / 1.5).toBeLessThanOrEqual(refinement.tolerance * 1.001);
  });

  it('finds a transition between two points that failed for reasons of their own', () => {
    const failed = [1.2, 1.8];
    let observations = observe([1, false], [2, true], [1.2, null], [1.8, null]);
    for (
      let asked = refine(observations, refinement);
      asked.length > 0;
      asked = refine(observations, refinement)
    ) {
      observations = [
        ...observations,
        ...asked.map((value) => ({
          value,
          reached: failed.includes(value) ? null : value > 1.5003,
        })),
      ];
    }
    expect(bracketOf(observations)).toMatchObject({ kind: 'bracketed', undecided: 0 });
  });

  it('measures a width by the values that it lies between, over any decades', () => {
    const { observations } = search(
      { root: 3e-11, rising: false, band: 0 },
      [1e-12, 1],
      refinement,
    );
    const bracket = bracketOf(observations);
    if (bracket.kind !== 'bracketed') throw new Error('lost the bracket');
    expect((bracket.upper - bracket.lower) / bracket.upper).toBeLessThanOrEqual(
      refinement.tolerance,
    );
  });

  it('ends on an axis that starts at zero, with the transition at zero itself', () => {
    const { observations } = search({ root: 1e-300, rising: true, band: 0 }, [0, 1], refinement);
    expect(bracketOf(observations)).toMatchObject({ lower: 0 });
  });

  it('keeps the transition inside, ends, and is as narrow as was asked where certificates decide', () => {
    for (const { transition, start, settings } of transitions(400)) {
      const { observations } = search(transition, start, settings);
      const bracket = bracketOf(observations);
      if (bracket.kind !== 'bracketed') throw new Error('lost the bracket');
      const { lower, upper, rising } = bracket;
      expect(rising).toBe(transition.rising);
      expect(lower).toBeLessThanOrEqual(transition.root);
      expect(upper).toBeGreaterThanOrEqual(transition.root);
      if (transition.band > 0) continue;
      const width = settings.integer ? upper - lower : (upper - lower) / ((lower + upper) / 2);
      expect(width).toBeLessThanOrEqual(settings.integer ? 1 : settings.tolerance);
    }
  });

  it('closes in on a band that no certificate decides, without filling it', () => {
    const { observations } = search({ root: 1.5, rising: true, band: 0.05 }, [1, 2], refinement);
    const bracket = bracketOf(observations);
    if (bracket.kind !== 'bracketed') throw new Error('lost the bracket');
    expect(bracket.upper - bracket.lower).toBeLessThan(3 * 0.1);
    expect(bracket.undecided).toBeLessThan(8 + refinement.pointsPerRound);
  });

  it('does not depend on the order of observations, nor on their repetition', () => {
    for (const { transition, start, settings, random } of transitions(50)) {
      const { observations } = search(transition, start, { ...settings, tolerance: 0.1 });
      const known = observations.slice(0, 2 + uniformInt(random, 0, observations.length - 2));
      const mixed = [...known, ...known].sort(() => uniformInt(random, 0, 1) - 0.5);
      expect(bracketOf(mixed)).toEqual(bracketOf(known));
      expect(refine(mixed, settings)).toEqual(refine(known, settings));
    }
  });

  it('takes fewer rounds with more values a round', () => {
    const rounds = [1, 3, 7].map(
      (pointsPerRound) =>
        search({ root: 1.2345, rising: true, band: 0 }, [1, 2], {
          ...refinement,
          tolerance: 1e-6,
          pointsPerRound,
        }).rounds,
    );
    expect(rounds).toEqual([20, 10, 7]);
  });
});
