import { describe, expect, it } from 'vitest';
import { rootOfIncreasing } from '../../../../ufm/models/norm-bounds/secant-root.js';

describe('the root of an increasing function of unknown slope', () => {
  it.each<[string, (x: number) => number, number]>([
    ['a smooth one', (x) => Math.exp(x) - 5, Math.log(5)],
    ['one with a kink at the root', (x) => (x < 2 ? x - 2 : 1000 * (x - 2)), 2],
    ['one that is flat up to near the root', (x) => Math.max(-1, 1e6 * (x - 4)), 4],
    ['one far from the start', (x) => x - 600, 600],
    ['one that jumps', (x) => (x < 3 ? -1 : 2), 3],
  ])('is found in few steps: %s', (_, f, root) => {
    let steps = 0;
    const counted = (x: number) => {
      steps++;
      return f(x);
    };
    expect(rootOfIncreasing(counted, 0, 1, 700)).toBeCloseTo(root, 12);
    expect(steps).toBeLessThan(200);
  });
});
