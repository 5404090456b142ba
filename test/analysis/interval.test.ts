import { describe, expect, it } from 'vitest';
import { certifiedInterval } from '../../analysis/interval.js';
import type { Observation } from '../../study/bracket.js';

const along = (phases: Record<number, boolean | null>): Observation[] =>
  Object.entries(phases).map(([value, reached]) => ({ value: Number(value), reached }));

describe('certifiedInterval', () => {
  it('lies between the last certified value on one side and the first on the other', () => {
    expect(certifiedInterval(along({ 1: false, 2: false, 3: true, 4: true }))).toMatchObject({
      lower: 2,
      upper: 3,
      rising: true,
      undecided: 0,
    });
  });

  it('widens over values that no certificate decides, and counts them', () => {
    expect(
      certifiedInterval(along({ 1: true, 2: null, 3: null, 4: false, 5: null })),
    ).toMatchObject({
      lower: 1,
      upper: 4,
      rising: false,
      undecided: 2,
    });
  });

  it.each<[string, Observation[], RegExp]>([
    [
      'seeds that contradict each other',
      [...along({ 1: false, 2: true }), { value: 2, reached: false }],
      /contradict each other at 2/,
    ],
    [
      'a phase that comes back',
      along({ 1: false, 2: true, 3: false }),
      /changes 2 times, before 2, 3/,
    ],
    ['one phase everywhere', along({ 1: false, 2: false }), /not collapsed: .* outside/],
    ['no certificate at all', along({ 1: null }), /no point is certified/],
    ['no points', [], /no point is certified/],
  ])('refuses %s', (_, observations, reason) => {
    expect(certifiedInterval(observations)).toEqual({
      refusal: expect.stringMatching(reason) as string,
    });
  });
});
