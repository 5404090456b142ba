import { describe, expect, it } from 'vitest';
import { fitBracketed, type Bracketed } from '../../analysis/bracketed-fit.js';
import { draws, type Draws } from './random.js';

const TRUTH = [0.3, -1, 0.5];

interface Trial {
  readonly places: number;
  /** Standard error of a likely value in units of what its half-width says. */
  readonly honesty: number;
  /** Widths differ between places by up to this factor. */
  readonly unevenness: number;
}

/** Places of a known law: certified sights around it, likely values with normal errors of the stated widths. */
function placesOf({ places, honesty, unevenness }: Trial, { uniform, normal }: Draws): Bracketed[] {
  return Array.from({ length: places }, () => {
    const basis = [1, 6 + 3 * uniform(), 3 + 3 * uniform()];
    const law = basis.reduce((sum, entry, j) => sum + entry * TRUTH[j]!, 0);
    const halfWidth = 1e-4 * unevenness ** uniform();
    return {
      below: { basis, value: law - 20 * halfWidth * uniform() },
      above: { basis, value: law + 20 * halfWidth * uniform() },
      likely: { basis, value: law + (honesty * halfWidth * normal()) / 1.96 },
      halfWidth,
    };
  });
}

describe('fitBracketed', () => {
  it.each<Trial>(
    [5, 12].flatMap((places) =>
      [0.5, 1, 3].flatMap((honesty) =>
        [1, 100].map((unevenness) => ({ places, honesty, unevenness })),
      ),
    ),
  )(
    'covers each coefficient in 95 % of trials with $places places, errors $honesty times the stated, widths to $unevenness times apart',
    (trial) => {
      const random = draws(17);
      const trials = 500;
      const covered = TRUTH.map(() => 0);
      for (let i = 0; i < trials; i++) {
        const { coefficients, possible } = fitBracketed(placesOf(trial, random));
        expect(possible).toBe(true);
        coefficients.forEach(({ interval, lower, upper }, j) => {
          if (interval[0] <= TRUTH[j]! && TRUTH[j]! <= interval[1]) covered[j]!++;
          // What is certain holds every time.
          expect(lower ?? -Infinity).toBeLessThanOrEqual(TRUTH[j]! + 1e-9);
          expect(upper ?? Infinity).toBeGreaterThanOrEqual(TRUTH[j]! - 1e-9);
        });
      }
      // Of 500 trials at exactly 95 %, fewer than 92 % are covered once in 800 runs.
      expect(Math.min(...covered) / trials).toBeGreaterThan(0.92);
    },
  );

  it('proves that a law has another form when no coefficients pass between all sights', () => {
    const bent = [0, 1, 2, 3].map((x): Bracketed => {
      const at = (shift: number) => ({ basis: [1, x], value: x ** 2 + shift });
      return { below: at(-0.01), above: at(0.01), likely: at(0), halfWidth: 0.01 };
    });
    const { possible, scatter, coefficients } = fitBracketed(bent);
    expect(possible).toBe(false);
    expect(scatter).toBeGreaterThan(10);
    expect(coefficients.map(({ lower, upper }) => [lower, upper])).toEqual([
      [null, null],
      [null, null],
    ]);
  });
});
