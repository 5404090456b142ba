import { describe, expect, it } from 'vitest';
import {
  beginDescent,
  descend,
  isFinite,
  stay,
  type Descent,
  type Observation,
} from '../../../ufm/first-order/descent.js';

/** Of float32. */
const ROUNDING = 1e-6;

/** The part of an engine, in float64: runs `descend` on a function of the plane. */
function run(
  value: (x: number[]) => number,
  gradient: (x: number[]) => number[],
  start: number[],
  evaluations: number,
) {
  let descent: Descent = beginDescent;
  let x = start;
  let base = x.map(() => 0);
  let direction = x.map(() => 0);
  const values: number[] = [];
  for (let i = 0; i < evaluations; i++) {
    const g = gradient(x);
    const change = g.map((entry, k) => entry - base[k]!);
    const seen: Observation = {
      value: value(x),
      slope: dot(direction, g),
      gradientSquared: dot(g, g),
      gradientDotChange: dot(g, change),
      changeSquared: dot(change, change),
    };
    const next = descend(descent, seen, ROUNDING);
    const { move } = next;
    descent = next.descent;
    if (move.accepted) {
      values.push(seen.value);
      base = g;
    }
    direction = g.map(
      (entry, k) =>
        move.ofGradient * entry + move.ofChange * change[k]! + move.ofDirection * direction[k]!,
    );
    x = x.map((entry, k) => entry + move.advance * direction[k]!);
  }
  return { x, values };
}

const dot = (a: number[], b: number[]) => a.reduce((sum, entry, i) => sum + entry * b[i]!, 0);

const rosenbrock = ([x, y]: number[]) => 100 * (y! - x! ** 2) ** 2 + (1 - x!) ** 2;
const slopeOfRosenbrock = ([x, y]: number[]) => [
  -400 * x! * (y! - x! ** 2) - 2 * (1 - x!),
  200 * (y! - x! ** 2),
];

describe('descend', () => {
  it.each([1e-6, 1e-12])(
    'accepts a rise within a rounding of %d, and none far above it',
    (rounding) => {
      const descent: Descent = { ...beginDescent, atBase: false, step: 1, value: 1, slope: -1e-16 };
      const rise = (amount: number) => ({
        value: 1 + amount,
        slope: 1,
        gradientSquared: 1,
        gradientDotChange: 1,
        changeSquared: 1,
      });
      expect(descend(descent, rise(rounding / 2), rounding).move.accepted).toBe(true);
      expect(descend(descent, rise(rounding * 2), rounding).move.accepted).toBe(false);
    },
  );

  it('finds the minimum at the end of a curved valley', () => {
    const { x } = run(rosenbrock, slopeOfRosenbrock, [-1.2, 1], 400);
    expect(x[0]).toBeCloseTo(1, 4);
    expect(x[1]).toBeCloseTo(1, 4);
  });

  it('never accepts a rise above the rounding of float32', () => {
    const { values } = run((x) => 1 + rosenbrock(x), slopeOfRosenbrock, [-1.2, 1], 400);
    for (let i = 1; i < values.length; i++) {
      expect(values[i]).toBeLessThanOrEqual(values[i - 1]! * (1 + 3e-5));
    }
  });

  it('goes back to its base after many backtracks, and starts from there again', () => {
    const worse = {
      value: 2,
      slope: 9,
      gradientSquared: 9,
      gradientDotChange: 9,
      changeSquared: 9,
    };
    let descent: Descent = { ...beginDescent, atBase: false, step: 1, value: 1, slope: -1 };
    let standing = descent.step;
    for (let i = 0; !descent.atBase && i < 50; i++) {
      const next = descend(descent, worse, ROUNDING);
      expect(next.move).toMatchObject({ accepted: false, ofDirection: 1 });
      standing += next.move.advance;
      descent = next.descent;
    }
    expect(descent.atBase).toBe(true);
    expect(standing).toBeCloseTo(0, 15);
    expect(descend(descent, worse, ROUNDING).move).toMatchObject({
      accepted: true,
      ofDirection: 0,
    });
  });

  it('steps along the steepest descent where the function curves downwards', () => {
    const seen = {
      value: 0,
      slope: -3,
      gradientSquared: 9,
      gradientDotChange: 3,
      changeSquared: 1,
    };
    const descent: Descent = { ...beginDescent, atBase: false, step: 1, value: 1, slope: -1 };
    const { move } = descend(descent, seen, ROUNDING);
    expect(move).toMatchObject({ accepted: true, ofChange: 0, ofDirection: 0 });
    expect(move.ofGradient).toBeLessThan(0);
  });

  it('does nothing when told to stay', () => {
    expect(stay).toEqual({
      accepted: false,
      ofGradient: 0,
      ofChange: 0,
      ofDirection: 1,
      advance: 0,
    });
  });
});

describe('isFinite', () => {
  const finite = { value: 1, slope: 1, gradientSquared: 1, gradientDotChange: 1, changeSquared: 1 };

  it.each(Object.keys(finite))('sees a %s that is not finite', (name) => {
    expect(isFinite(finite)).toBe(true);
    expect(isFinite({ ...finite, [name]: NaN })).toBe(false);
    expect(isFinite({ ...finite, [name]: Infinity })).toBe(false);
    expect(isFinite({ ...finite, [name]: -Infinity, value: Infinity })).toBe(false);
  });
});
