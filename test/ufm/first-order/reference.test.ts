import { describe, expect, it } from 'vitest';
import { solveBatch } from '../../../ufm/solve.js';
import { compare, tableOf, worst } from '../reference-comparison.js';
import { REFERENCE_INSTANCES, referenceInstance } from '../reference-instances.js';
import { DEVICES } from './devices.js';

describe.each(DEVICES)('the tensor solver on %s against the reference instances', (device) => {
  it('agrees from a random start in objective, cosines and collapse, as the table tells', async () => {
    const instances = REFERENCE_INSTANCES.map((reference) => ({
      ...referenceInstance(reference),
      solver: 'tensor' as const,
      tolerance: 1e-6,
      seed: 1,
    }));
    const solutions = await solveBatch(instances, { device });
    expect(solutions.filter(({ status }) => status !== 'certified')).toEqual([]);
    const comparisons = solutions.map((solution, i) =>
      compare(REFERENCE_INSTANCES[i]!, {
        objective: solution.objective!,
        relativeGap: solution.relativeGap!,
        collapsed: solution.collapsed!,
        cosW: solution.cosW!,
        cosH: solution.cosH!,
        cosZ: solution.cosZ!,
      }),
    );
    console.table(tableOf(comparisons));
    expect(comparisons).toHaveLength(88);
    expect(worst(comparisons, 'relativeGap')).toBeLessThanOrEqual(1e-6);
    expect(worst(comparisons, 'objective')).toBeLessThanOrEqual(1e-6);
    expect(worst(comparisons, 'wrongFlags')).toBe(0);
    // A cosine moves with the square root of the gap, and more where a contrast is about to vanish: up to 0.019 was seen.
    expect(worst(comparisons, 'cosines')).toBeLessThan(3e-2);
  });
});
