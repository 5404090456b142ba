import { describe, expect, it } from 'vitest';
import { phaseOf } from '../../../analysis/report/phases.js';
import { syntheticPoint } from '../synthetic.js';

describe('phaseOf', () => {
  it.each([
    [0.003, 'no collapse'],
    [0.004, 'minority collapsed'],
    [0.006, 'minority mean zero'],
    [0.009, 'all collapsed'],
    [10 / 3000, 'undecided'],
  ])('at lambda %f is `%s`', (lambda, phase) => {
    expect(
      phaseOf(
        syntheticPoint(
          [
            [5, 500],
            [5, 100],
          ],
          lambda,
          'lambda',
          { lambda },
        ),
      ),
    ).toBe(phase);
  });

  it('is undecided where no class can collapse with another, or nothing is known', () => {
    const tail = syntheticPoint(
      [
        [1, 300],
        [1, 100],
      ],
      0.01,
      'lambda',
      { lambda: 0.01 },
    );
    expect(phaseOf(tail)).toBe('undecided');
    expect(phaseOf({ ...tail, collapsed: null })).toBe('undecided');
  });
});
