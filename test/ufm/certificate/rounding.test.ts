import { describe, expect, it } from 'vitest';
import { gamma, roundDown, roundUp, UNIT_ROUNDOFF } from '../../../ufm/certificate/rounding.js';
import { uniform } from '../random-instances.js';
import { Decimal, exact, ONE, ZERO } from './decimals.js';
import { spread } from './extreme-cases.js';

describe('gamma', () => {
  it('is at least n u / (1 - n u), for any number of operations of a thousand clusters', () => {
    const u = exact(UNIT_ROUNDOFF);
    for (const n of [1, 2, 3, 4, 5, 17, 100, 1003, 2019, 1e6, 1e9, 1e12]) {
      const least = u.times(n).div(ONE.minus(u.times(n)));
      expect(exact(gamma(n)).gte(least)).toBe(true);
      expect(exact(gamma(n)).lte(least.times(1.001))).toBe(true);
    }
  });
});

describe('rounding up and down', () => {
  it('encloses what chains of operations were to compute, underflows included', () => {
    const random = uniform(31);
    for (let trial = 0; trial < 1000; trial++) {
      const operations = Math.floor(40 * random());
      const lowest = trial % 2 === 0 ? -3 : -310;
      let value = spread(random, lowest, 3);
      let truth = exact(value);
      for (let i = 0; i < operations; i++) {
        const next = spread(random, lowest / 2, 0);
        const kind = Math.floor(4 * random());
        if (kind === 0) {
          value += next;
          truth = truth.plus(exact(next));
        } else if (kind === 1) {
          value *= next;
          truth = truth.times(exact(next));
        } else if (kind === 2) {
          const divisor = 1 + next;
          value /= divisor;
          truth = truth.div(exact(divisor));
        } else {
          // A root would make much of what underflowed before it: bounds come first.
          if (value < 1e-290) break;
          value = Math.sqrt(value);
          truth = truth.sqrt();
        }
      }
      expect(exact(roundUp(value, operations)).gte(truth)).toBe(true);
      expect(exact(roundDown(value, operations)).lte(truth)).toBe(true);
      expect(roundDown(value, operations)).toBeGreaterThanOrEqual(0);
    }
  });

  it('is needed for all of the operations that are named: where each rounds up, none is to spare', () => {
    // (1 + u)^n seen as 1: each factor is lost, so that n of them have to be made up for.
    for (const n of [1, 16, 100, 2000]) {
      const truth = ONE.plus(exact(UNIT_ROUNDOFF)).pow(n);
      expect(exact(roundUp(1, n)).gte(truth)).toBe(true);
      expect(exact(roundUp(1, 0)).lt(truth) || n < 4).toBe(true);
      expect(exact(roundDown(1, n)).lte(new Decimal(2).minus(truth))).toBe(true);
    }
  });

  it('of zero and of what is no number stays safe', () => {
    expect(roundUp(0, 3)).toBeGreaterThan(0);
    expect(roundDown(0, 3)).toBe(0);
    expect(roundUp(Infinity, 3)).toBe(Infinity);
    expect(roundUp(NaN, 3)).toBeNaN();
    expect(exact(roundDown(Number.MIN_VALUE, 1)).lte(ZERO)).toBe(true);
  });
});
