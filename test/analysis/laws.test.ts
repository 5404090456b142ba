import { describe, expect, it } from 'vitest';
import { fitLaws } from '../../analysis/laws.js';
import { draws } from './random.js';

const SAMPLES = Array.from({ length: 15 }, (_, i) => Math.round(100 * 10 ** (i / 4)));

describe('fitLaws', () => {
  it('finds the exponent and the limit of a power', () => {
    const [best] = fitLaws(
      SAMPLES,
      SAMPLES.map((n) => 0.25 + 3 * n ** -0.5),
    );
    expect(best!.law).toBe('power');
    expect(best!.exponent).toBeCloseTo(0.5, 2);
    expect(best!.limit).toBeCloseTo(0.25, 3);
  });

  it('finds the limit of a logarithm whatever the unit of n', () => {
    for (const shift of [-2, 0, 10]) {
      const [best] = fitLaws(
        SAMPLES,
        SAMPLES.map((n) => 0.1 - 0.4 / (Math.log(n) + shift)),
      );
      expect(best!.law).toBe('logarithm');
      expect(Math.abs(best!.limit - 0.1)).toBeLessThan(1e-3);
    }
  });

  it('prefers a plateau to a law that only follows the noise', () => {
    const { normal } = draws(7);
    const [best] = fitLaws(
      SAMPLES,
      SAMPLES.map(() => 0.3 + 1e-4 * normal()),
    );
    expect(best!.law).toBe('plateau');
    expect(best!.interval[0]).toBeLessThan(0.3);
    expect(best!.interval[1]).toBeGreaterThan(0.3);
  });

  it('draws the curve that it fitted', () => {
    const values = SAMPLES.map((n) => 1 / n);
    const [best] = fitLaws(SAMPLES, values);
    SAMPLES.forEach((n, i) => {
      expect(best!.predict(n)).toBeCloseTo(values[i]!, 4);
    });
  });

  it('states a 95 % interval of the limit when its law is true', () => {
    const { normal } = draws(11);
    let covered = 0;
    const trials = 150;
    for (let trial = 0; trial < trials; trial++) {
      const values = SAMPLES.map((n) => 0.2 + 2 * n ** -0.7 + 1e-3 * normal());
      const power = fitLaws(SAMPLES, values).find(({ law }) => law === 'power')!;
      if (power.interval[0] <= 0.2 && 0.2 <= power.interval[1]) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.9);
  });
});
