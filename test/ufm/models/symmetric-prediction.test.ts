import { describe, expect, it } from 'vitest';
import {
  crossEntropyAbove,
  entropyBelow,
  leads,
} from '../../../ufm/models/symmetric-prediction.js';
import { exact, log1p, ONE, type Decimal } from '../certificate/decimals.js';
import { spread } from '../certificate/extreme-cases.js';
import { uniform } from '../random-instances.js';
import { expectAbove, expectBelow } from './expect-bounds.js';

const CASES = 300;

function* drawn(seed: number): Generator<{ x: number; lead: number; K: number }> {
  const random = uniform(seed);
  for (let i = 0; i < CASES; i++) {
    const K = 2 + Math.floor(spread(random, 0, 5));
    const most = 1 - 1 / K;
    const x = random() < 0.5 ? most * random() : most * Math.min(1, spread(random, -320, 0));
    yield { x, lead: spread(random, -20, 3), K };
  }
}

/** The entropy of 1 - x for one class, the rest shared by the K - 1 others. */
function entropy(x: Decimal, K: number): Decimal {
  if (x.isZero()) return x;
  const others = x.times(x.div(K - 1).ln());
  return ONE.minus(x).times(log1p(x.neg())).plus(others).neg();
}

describe('a prediction that tells its own class alone', () => {
  it('has an entropy above its bound, which is close', () => {
    for (const { x, K } of drawn(301)) {
      const truth = entropy(exact(x), K);
      expectBelow(entropyBelow(x, K), truth);
      if (x > 1e-280) expect(exact(entropyBelow(x, K)).gte(truth.times(1 - 1e-14))).toBe(true);
    }
  });

  it('has a cross entropy below its bound, which is close', () => {
    for (const { lead, K } of drawn(302)) {
      const truth = log1p(
        exact(lead)
          .neg()
          .exp()
          .times(K - 1),
      );
      expectAbove(crossEntropyAbove(lead, K), truth);
      if (truth.gt(1e-280)) {
        expect(exact(crossEntropyAbove(lead, K)).lte(truth.times(1 + 1e-14))).toBe(true);
      }
    }
  });

  it('leads others only where it does', () => {
    let seen = 0;
    for (const { x, K } of drawn(303)) {
      const high = exact(x)
        .times(K)
        .lt(K - 1);
      const said = leads({ low: 0, high: x }, K);
      if (said) expect(high).toBe(true);
      if (said) seen++;
    }
    expect(seen).toBeGreaterThan(CASES / 4);
    expect(leads({ low: 0, high: 0.5 }, 2)).toBe(false);
  });
});
