import { describe, expect, it } from 'vitest';
import { formatCount, formatInterval, formatNumber, formatWithin } from '../../analysis/format.js';

describe('formatWithin', () => {
  it('shows as many digits as the width leaves meaningful', () => {
    expect(formatWithin(1 / 300, 2e-6)).toBe('0.00333333');
    expect(formatWithin(1 / 300, 2e-4)).toBe('0.003333');
    expect(formatWithin(300, 100)).toBe('300');
    expect(formatWithin(null, 1)).toBe('–');
  });
});

describe('formatInterval', () => {
  it('tells the ends apart, and shows equal ones once', () => {
    expect(formatInterval([0.00333, 0.00334])).toBe('0.003330 … 0.003340');
    expect(formatInterval([0.1, 0.1])).toBe('0.1000');
    expect(formatInterval(null)).toBe('–');
  });
});

describe('formatNumber', () => {
  it.each([
    [12, '12'],
    [1e-9, '1.000e-9'],
    [123456789.5, '1.235e8'],
    [null, '–'],
  ])('shows %f as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatCount', () => {
  it('knows one from many', () => {
    expect(formatCount(1, 'point')).toBe('1 point');
    expect(formatCount(12000, 'point')).toBe('12,000 points');
  });
});
