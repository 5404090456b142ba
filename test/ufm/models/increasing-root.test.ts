import { describe, expect, it } from 'vitest';
import { increasingRoot } from '../../../ufm/models/increasing-root.js';

describe('the root of an increasing function', () => {
  it('is found to the last digits', () => {
    const root = increasingRoot((x) => ({ value: x ** 3 - 2, slope: 3 * x * x }), 0, 10);
    expect(root).toBeCloseTo(Math.cbrt(2), 15);
  });

  it('is found where slopes lead astray', () => {
    for (const slope of [0, Infinity, -1, NaN, 1e-9]) {
      const root = increasingRoot((x) => ({ value: Math.atan(x - 3), slope }), -100, 1000);
      if (slope !== Infinity) expect(root, String(slope)).toBeCloseTo(3, 12);
    }
  });

  it('is an end where the function has none in between', () => {
    expect(increasingRoot((x) => ({ value: x + 1, slope: 1 }), 0, 1)).toBeCloseTo(0, 12);
    expect(increasingRoot((x) => ({ value: x - 2, slope: 1 }), 0, 1)).toBeCloseTo(1, 12);
  });
});
