import { describe, expect, it } from 'vitest';
import { rangeValues } from '../../study/range.js';

describe('a range of steps', () => {
  it('holds the numbers that a person would write', () => {
    expect(rangeValues({ from: 0.1, to: 0.5, step: 0.1 }, false)).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5,
    ]);
  });

  it('stops at the last step that does not pass the end', () => {
    expect(rangeValues({ from: 100, to: 1050, step: 300 }, true)).toEqual([100, 400, 700, 1000]);
  });

  it('reaches an end that is a whole number of steps away, for any decimals', () => {
    for (let digits = 1; digits <= 12; digits++) {
      const step = Number(`1e-${digits}`);
      const values = rangeValues({ from: step, to: 1000 * step, step }, false);
      expect(values).toHaveLength(1000);
      expect(values.at(-1)).toBe(Number((1000 * step).toPrecision(12)));
    }
  });
});

describe('a range of points', () => {
  it('has both ends exactly', () => {
    for (const scale of ['linear', 'log'] as const) {
      const values = rangeValues({ from: 0.0027, to: 0.0102, points: 7, scale }, false);
      expect([values.length, values[0], values[6]]).toEqual([7, 0.0027, 0.0102]);
    }
  });

  it('is even in differences, or in ratios on a log scale', () => {
    expect(rangeValues({ from: 1, to: 3, points: 5 }, false)).toEqual([1, 1.5, 2, 2.5, 3]);
    expect(rangeValues({ from: 1e-6, to: 1, points: 4, scale: 'log' }, false)).toEqual([
      1e-6, 1e-4, 1e-2, 1,
    ]);
  });

  it('is distinct integers on an integer axis', () => {
    expect(rangeValues({ from: 1, to: 10, points: 12, scale: 'log' }, true)).toEqual([
      1, 2, 3, 4, 5, 7, 8, 10,
    ]);
    expect(rangeValues({ from: 100, to: 1e12, points: 11, scale: 'log' }, true)).toEqual(
      Array.from({ length: 11 }, (_, i) => 10 ** (i + 2)),
    );
  });
});
