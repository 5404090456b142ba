import { describe, expect, it } from 'vitest';
import { expandBlocks } from '../../../ufm/blocks.js';
import { certify } from '../../../ufm/certificate.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { geometryOfBlocks } from '../../../ufm/geometry.js';
import { compare, tableOf, worst } from '../reference-comparison.js';
import { REFERENCE_INSTANCES, referenceInstance } from '../reference-instances.js';

const solved = REFERENCE_INSTANCES.map((reference) => {
  const instance = referenceInstance(reference);
  const { blocks, objective } = solveExact(instance);
  const { lowerBound, collapsed } = certify(instance, blocks);
  const geometry = geometryOfBlocks(instance, blocks);
  const relativeGap = (objective - lowerBound) / objective;
  return {
    reference,
    geometry,
    logits: expandBlocks(instance.clusters, blocks).logits,
    comparison: compare(reference, { objective, relativeGap, collapsed, ...geometry }),
  };
});
const comparisons = solved.map(({ comparison }) => comparison);

function largestDifference(ours: ArrayLike<number>, theirs: readonly number[]): number {
  return Math.max(...theirs.map((value, at) => Math.abs(value - ours[at]!)));
}

describe('the exact solver against the reference instances', () => {
  it('closes every gap to rounding, as the table tells', () => {
    console.table(tableOf(comparisons));
    expect(comparisons).toHaveLength(88);
    expect(worst(comparisons, 'relativeGap')).toBeLessThan(1e-12);
  });

  it('agrees in objective, cosines, logits and singular values', () => {
    expect(worst(comparisons, 'objective')).toBeLessThan(1e-14);
    expect(worst(comparisons, 'cosines')).toBeLessThan(1e-8);
    for (const { reference, logits, geometry } of solved) {
      expect(largestDifference(logits, reference.Z.flat()), reference.tag).toBeLessThan(1e-8);
      const largest = Math.max(1, reference.singular_values[0]!);
      const difference = largestDifference(geometry.singularValues, reference.singular_values);
      expect(difference / largest, reference.tag).toBeLessThan(1e-8);
    }
  });

  it('decides every collapse, and as the reference does', () => {
    expect(worst(comparisons, 'wrongFlags')).toBe(0);
  });
});
