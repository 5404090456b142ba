import { describe, expect, it } from 'vitest';
import { studentQuantile } from '../../analysis/student.js';

describe('studentQuantile', () => {
  it.each([
    [1, 12.7062],
    [3, 3.18245],
    [4, 2.77645],
    [5, 2.57058],
    [10, 2.22814],
    [30, 2.04227],
    [1000, 1.96234],
  ])('is the tabulated 97.5 %% point at %i degrees of freedom', (degrees, expected) => {
    expect(Math.abs(studentQuantile(degrees) - expected)).toBeLessThan(3e-3);
  });

  it('knows nothing without a degree of freedom', () => {
    expect(studentQuantile(0)).toBe(Infinity);
  });
});
