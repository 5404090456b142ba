import { describe, expect, it } from 'vitest';
import { estimateZero, type CurvePoint } from '../../analysis/order-parameter.js';
import { draws } from './random.js';

const NEAR_AND_FAR = Array.from({ length: 8 }, (_, i) => 0.002 * 2 ** i);
const EVENLY = Array.from({ length: 6 }, (_, i) => 0.03 + 0.05 * i);

interface Trial {
  readonly distances: readonly number[];
  readonly seeds: number;
  readonly noise: number;
  readonly bend: number;
}

/** How often the interval covers the zero of a random curve with bend and noise, of those that get an interval. */
function coverage({ distances, seeds, noise, bend }: Trial, trials: number): number {
  const { uniform, normal } = draws(20230);
  let covered = 0;
  let answered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const zero = 0.9 + 0.2 * uniform();
    const [second, third] = [bend * (2 * uniform() - 1), bend * (uniform() - 0.5)];
    const points = distances.flatMap((distance) =>
      Array.from({ length: seeds }, () => ({
        x: zero - distance,
        value: distance + second * distance ** 2 + third * distance ** 3 + noise * normal(),
      })),
    );
    const found = estimateZero(points, zero + distances[0]! * uniform());
    if (found === null) continue;
    answered++;
    if (found.interval[0] <= zero && zero <= found.interval[1]) covered++;
  }
  expect(answered).toBeGreaterThan(0.9 * trials);
  return covered / answered;
}

describe('estimateZero', () => {
  it.each<Trial>(
    [NEAR_AND_FAR, EVENLY].flatMap((distances) =>
      [1, 3].flatMap((seeds) =>
        [0, 1].flatMap((bend) => [1e-5, 1e-3].map((noise) => ({ distances, seeds, bend, noise }))),
      ),
    ),
  )('covers the zero in 95 % of curves with $seeds seeds, bend $bend and noise $noise', (trial) => {
    // Of 1000 trials at exactly 95 %, fewer than 93 % are covered once in 500 runs.
    expect(coverage(trial, 1000)).toBeGreaterThan(0.93);
  });

  it('finds the zero of a straight line to rounding', () => {
    const line = [1, 2, 3, 4].map((x) => ({ x, value: 2 * (5 - x) }));
    const found = estimateZero(line, 5.5)!;
    expect(found.estimate).toBeCloseTo(5, 12);
    expect(found.interval[1] - found.interval[0]).toBeLessThan(1e-12);
  });

  it('looks towards smaller values where the collapsed side lies there', () => {
    const line = [6, 7, 8, 9].map((x) => ({ x, value: x - 5 }));
    expect(estimateZero(line, 4.8)!.estimate).toBeCloseTo(5, 12);
  });

  it('does not depend on the order of the points or on the unit of the axis', () => {
    const curve: CurvePoint[] = EVENLY.map((d) => ({ x: 1 - d, value: d + d ** 2 }));
    const found = estimateZero(curve, 1.01)!;
    expect(estimateZero(curve.toReversed(), 1.01)).toEqual(found);
    const scaled = estimateZero(
      curve.map(({ x, value }) => ({ x: 1e-3 * x, value: 7 * value })),
      1.01e-3,
    )!;
    expect(scaled.estimate / 1e-3).toBeCloseTo(found.estimate, 12);
    expect(scaled.interval[0] / 1e-3).toBeCloseTo(found.interval[0], 12);
  });

  it('refuses fewer than three distinct values, however many seeds', () => {
    const points = [1, 1, 1, 2, 2, 2].map((x) => ({ x, value: 5 - x }));
    expect(estimateZero(points, 5)).toBeNull();
  });

  it('refuses a curve that rises towards the collapsed side', () => {
    expect(
      estimateZero(
        [1, 2, 3, 4].map((x) => ({ x, value: x })),
        5,
      ),
    ).toBeNull();
  });
});
