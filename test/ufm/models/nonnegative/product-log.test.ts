import { describe, expect, it } from 'vitest';
import { productLog } from '../../../../ufm/models/nonnegative/product-log.js';
import { spread } from '../../certificate/extreme-cases.js';
import { uniform } from '../../random-instances.js';

describe('the product logarithm', () => {
  it('solves log p + tau p = r for any size of both', () => {
    const random = uniform(9);
    for (let i = 0; i < 5000; i++) {
      const tau = spread(random, -12, 12);
      const r = (random() < 0.5 ? 1 : -1) * spread(random, -3, 2.5);
      const p = productLog(r, tau);
      const size = Math.max(1, Math.abs(r), Math.abs(Math.log(p)));
      expect(Math.abs(Math.log(p) + tau * p - r) / (size * (1 + tau * p))).toBeLessThan(1e-15);
    }
  });

  it('is the exponential where tau is zero', () => {
    expect(productLog(-3, 0)).toBe(Math.exp(-3));
  });
});
