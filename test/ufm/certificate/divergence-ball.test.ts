import { describe, expect, it } from 'vitest';
import { divergenceBall } from '../../../ufm/certificate/divergence-ball.js';
import { uniform } from '../random-instances.js';
import { exact, log1p, ONE, type Decimal } from './decimals.js';
import { spread } from './extreme-cases.js';

/** kl(y || x) of two events. */
function divergence(y: number, x: number): number {
  const term = (p: number, q: number) => (p === 0 ? 0 : p * Math.log(p / q));
  return term(y, x) + term(1 - y, 1 - x);
}

describe('the ball of the binary divergence', () => {
  it('contains every event within the budget', () => {
    const random = uniform(3);
    let inside = 0;
    for (let i = 0; i < 20_000; i++) {
      const y = random() < 0.5 ? random() : 10 ** (-6 * random());
      const budget = 10 ** (-8 + 8 * random());
      const x = y + (random() < 0.5 ? 1 : -1) * 3 * Math.sqrt(budget * y) * random();
      if (x <= 0 || x >= 1 || divergence(y, x) > budget) continue;
      inside++;
      const { low, high } = divergenceBall({ low: y, high: y }, budget);
      expect(low).toBeLessThanOrEqual(x);
      expect(high).toBeGreaterThanOrEqual(x);
      const mirrored = divergenceBall({ low: 1 - y, high: 1 - y }, budget);
      expect(mirrored.low).toBeLessThanOrEqual(1 - x);
      expect(mirrored.high).toBeGreaterThanOrEqual(1 - x);
    }
    expect(inside).toBeGreaterThan(5000);
  });

  it('is hardly larger than it has to be when the budget is small', () => {
    for (const y of [1e-6, 0.01, 0.5, 0.99]) {
      const budget = 1e-4 * Math.min(y, 1 - y);
      const { low, high } = divergenceBall({ low: y, high: y }, budget);
      for (const end of [low, high]) expect(divergence(y, end)).toBeLessThan(2.1 * budget);
    }
  });

  it('is everything where the budget is no number', () => {
    expect(divergenceBall({ low: 0.5, high: 0.5 }, NaN)).toEqual({ low: 0, high: 1 });
    expect(divergenceBall({ low: 0.5, high: 0.5 }, Infinity)).toEqual({ low: 0, high: 1 });
  });

  it('contains to 60 digits what is just within the budget, however small the event or the budget', () => {
    const random = uniform(4);
    for (let trial = 0; trial < 2000; trial++) {
      const y = trial % 2 === 0 ? spread(random, -310, 0) : 1 - spread(random, -15, -0.3);
      const reach = exact(Math.min(y, 1 - y)).times(exact(spread(random, -30, 3)));
      const x = trial % 3 === 0 ? exact(y).minus(reach) : exact(y).plus(reach);
      if (x.lte(0) || x.gte(1)) continue;
      const budget = trueDivergenceOf(exact(y), x).toNumber() * (1 + 1e-14) + Number.MIN_VALUE;
      const { low, high } = divergenceBall({ low: y, high: y }, budget);
      expect(exact(low).lte(x)).toBe(true);
      expect(exact(high).gte(x)).toBe(true);
    }
  });
});

/** kl(y || x) from d = x - y: -y ln(1 + d/y) - (1 - y) ln(1 - d/(1 - y)), whose first terms cancel. */
function trueDivergenceOf(y: Decimal, x: Decimal): Decimal {
  const d = x.minus(y);
  const rest = ONE.minus(y);
  const [a, b] = [d.div(y), d.div(rest).neg()];
  if (a.abs().lt('1e-15')) return d.times(d).div(y.times(rest)).div(2);
  return y
    .times(log1p(a))
    .plus(rest.times(log1p(b)))
    .neg();
}
