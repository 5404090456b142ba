import { describe, expect, it } from 'vitest';
import { linearScale, logTicks, scaleOf } from '../../../analysis/report/scale.js';

describe('scaleOf', () => {
  it('is logarithmic where values span more than a decade, and never with a zero', () => {
    expect(scaleOf([1, 3, 10, 30]).type).toBe('log');
    expect(scaleOf([1, 9]).type).toBe('linear');
    expect(scaleOf([0, 100]).type).toBe('linear');
  });

  it('stays linear where values are spread evenly so, whatever a search adds between two of them', () => {
    const steps = Array.from({ length: 14 }, (_, i) => 100 * (i + 1));
    expect(scaleOf(steps).type).toBe('linear');
    expect(scaleOf([...steps, ...Array.from({ length: 40 }, (_, i) => 301 + i)]).type).toBe(
      'linear',
    );
  });

  it.each([
    [2.5e11, '2.5e11'],
    [4e-7, '4e-7'],
    [25_000, '25000'],
  ])('keeps the label of %d short', (value, label) => {
    expect(linearScale(value, 4).tickFormat!(value)).toBe(label);
  });
});

describe('logTicks', () => {
  it.each([
    [4, 80, [5, 10, 20, 30, 50]],
    [500, 1e6, [1000, 10_000, 100_000, 1_000_000]],
    [1e-14, 3.2e-14, [1e-14, 2e-14, 3e-14]],
  ])('divides %d to %d at %j', (low, high, expected) => {
    expect(logTicks(low, high)).toEqual(expected);
  });

  it('has no more than six over any range', () => {
    for (const high of [2, 30, 1e3, 1e5, 1e12, 1e25]) {
      expect(logTicks(1, high).length).toBeLessThanOrEqual(6);
    }
  });
});
