import { describe, expect, it } from 'vitest';
import { certifiedInterval, type Sighting } from '../../analysis/interval.js';

const along = (phases: Record<number, boolean | null>): Sighting[] =>
  Object.entries(phases).map(([x, collapsed]) => ({ x: Number(x), collapsed }));

describe('certifiedInterval', () => {
  it('lies between the last certified value on one side and the first on the other', () => {
    expect(certifiedInterval(along({ 1: false, 2: false, 3: true, 4: true }))).toEqual({
      lower: 2,
      upper: 3,
      collapsedAbove: true,
      undecided: 0,
    });
  });

  it('widens over values that no certificate decides, and counts them', () => {
    expect(certifiedInterval(along({ 1: true, 2: null, 3: null, 4: false, 5: null }))).toEqual({
      lower: 1,
      upper: 4,
      collapsedAbove: false,
      undecided: 2,
    });
  });

  it('takes the word of the seed that decides', () => {
    const sightings = [...along({ 1: false, 2: null, 3: true }), { x: 2, collapsed: true }];
    expect(certifiedInterval(sightings)).toMatchObject({ lower: 1, upper: 2, undecided: 0 });
  });

  it.each<[string, Sighting[], RegExp]>([
    [
      'seeds that contradict each other',
      [...along({ 1: false, 2: true }), { x: 2, collapsed: false }],
      /disagree at 2/,
    ],
    ['a phase that comes back', along({ 1: false, 2: true, 3: false }), /changes 2 times/],
    ['one phase everywhere', along({ 1: false, 2: false }), /not collapsed: .* outside/],
    ['no certificate at all', along({ 1: null }), /no point is certified/],
    ['no points', [], /no point is certified/],
  ])('refuses %s', (_, sightings, reason) => {
    expect(certifiedInterval(sightings)).toEqual({
      refusal: expect.stringMatching(reason) as string,
    });
  });
});
