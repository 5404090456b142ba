import { describe, expect, it } from 'vitest';
import { certify } from '../../../ufm/certificate.js';
import { expandBlocks } from '../../../ufm/blocks.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { geometryOfBlocks } from '../../../ufm/geometry.js';
import {
  clusterName,
  REFERENCE_INSTANCES,
  referenceInstance,
  type ReferenceInstance,
} from '../reference-instances.js';

/** How far the exact solver's answer is from the reference's. */
interface Comparison {
  readonly tag: string;
  readonly relativeGap: number;
  readonly objective: number;
  readonly logits: number;
  readonly cosines: number;
  readonly singularValues: number;
  readonly wrongFlags: number;
}

function compare(reference: ReferenceInstance): Comparison {
  const instance = referenceInstance(reference);
  const { blocks, objective } = solveExact(instance);
  const { lowerBound, collapsed } = certify(instance, blocks);
  const geometry = geometryOfBlocks(instance, blocks);
  const { logits } = expandBlocks(instance.clusters, blocks);
  const flags = instance.clusters.map(([k], j) =>
    k > 1 ? reference.collapsed[clusterName(j)] : null,
  );
  return {
    tag: reference.tag,
    relativeGap: (objective - lowerBound) / objective,
    objective: Math.abs(objective - reference.objective) / reference.objective,
    logits: largestDifference(logits, reference.Z.flat()),
    singularValues:
      largestDifference(geometry.singularValues, reference.singular_values) /
      Math.max(1, reference.singular_values[0]!),
    cosines: Math.max(
      cosineDifference(geometry.cosW, reference.cos_W),
      cosineDifference(geometry.cosH, reference.cos_H),
      cosineDifference(geometry.cosZ, reference.cos_Z_rows),
    ),
    wrongFlags: flags.filter((flag, j) => flag !== collapsed[j]).length,
  };
}

function largestDifference(ours: ArrayLike<number>, theirs: readonly number[]): number {
  return Math.max(...theirs.map((value, at) => Math.abs(value - ours[at]!)));
}

/** Infinity where one is null and the other is not. */
function cosineDifference(
  table: readonly (readonly (number | null)[])[],
  theirs: Readonly<Record<string, number | null>>,
): number {
  const differences = table.flatMap((row, a) =>
    row.slice(a).map((cosine, c) => {
      const name = clusterName(a) + (c > 0 ? clusterName(a + c) : '');
      const other = theirs[name] ?? null;
      if (cosine === null || other === null) return cosine === other ? 0 : Infinity;
      return Math.abs(cosine - other);
    }),
  );
  return Math.max(...differences);
}

describe('the exact solver against the reference instances', () => {
  const comparisons = REFERENCE_INSTANCES.map(compare);
  const worst = (pick: (comparison: Comparison) => number, tag?: string) =>
    Math.max(...comparisons.filter((c) => tag === undefined || c.tag === tag).map(pick));

  it('closes every gap to rounding, as the table tells', () => {
    const table = [...new Set(comparisons.map(({ tag }) => tag))].map((tag) => ({
      tag,
      instances: comparisons.filter((comparison) => comparison.tag === tag).length,
      'relative gap': worst(({ relativeGap }) => relativeGap, tag),
      objective: worst(({ objective }) => objective, tag),
      cosines: worst(({ cosines }) => cosines, tag),
      'wrong flags': worst(({ wrongFlags }) => wrongFlags, tag),
    }));
    console.table(table);
    expect(comparisons).toHaveLength(88);
    for (const { tag, 'relative gap': gap } of table) expect(gap, tag).toBeLessThan(1e-12);
  });

  it('agrees in objective, logits, singular values and cosines', () => {
    expect(worst(({ objective }) => objective)).toBeLessThan(1e-14);
    expect(worst(({ logits }) => logits)).toBeLessThan(1e-8);
    expect(worst(({ singularValues }) => singularValues)).toBeLessThan(1e-8);
    expect(worst(({ cosines }) => cosines)).toBeLessThan(1e-8);
  });

  it('decides every collapse, and as the reference does', () => {
    expect(worst(({ wrongFlags }) => wrongFlags)).toBe(0);
  });
});
