import { describe, expect, it } from 'vitest';
import { nextNumber, secondsOfTwice } from '../../../benchmarks/peers/largest-number.js';

describe('the search for the largest number of trials', () => {
  it('goes as far as the aim where seconds grow with trials', () => {
    const measured = [
      { trials: 100, seconds: 10 },
      { trials: 200, seconds: 20 },
    ];
    expect(nextNumber(measured, 80)).toBe(800);
    expect(secondsOfTwice(measured)).toBe(40);
  });

  it('goes less far where every trial costs the more the more there are', () => {
    const measured = [
      { trials: 100, seconds: 5 },
      { trials: 200, seconds: 20 },
    ];
    expect(nextNumber(measured, 80)).toBe(400);
    expect(secondsOfTwice(measured)).toBe(80);
  });

  it('goes on beyond a start that takes most of the limit by itself', () => {
    const measured = [
      { trials: 20, seconds: 3 },
      { trials: 40, seconds: 3 },
    ];
    expect(nextNumber(measured, 4)).toBe(80);
    expect(secondsOfTwice(measured)).toBe(3);
  });

  it('does not believe a first run that took nearly no time', () => {
    expect(nextNumber([{ trials: 20, seconds: 0.001 }], 80)).toBe(320);
  });
});
