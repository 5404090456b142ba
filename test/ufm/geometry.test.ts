import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Cluster, Instance } from '../../study/instance.js';
import { expandBlocks, type BlockLogits } from '../../ufm/blocks.js';
import { solveExact } from '../../ufm/exact/solve.js';
import {
  geometryOfBlocks,
  geometryOfFactors,
  type Factors,
  type Geometry,
} from '../../ufm/geometry.js';
import { scaleColumns } from '../../ufm/geometry/contrast.js';
import { singularValues } from '../../ufm/linear-algebra/singular-values.js';
import {
  clusterName,
  instanceOf,
  REFERENCE_INSTANCES,
  referenceInstance,
} from './reference-instances.js';

/** Balanced factors W and H of blocks, from the K x K decomposition of Y. */
function factorsOf(instance: Instance, blocks: BlockLogits): Factors {
  const { clusters, lambdaW, lambdaH } = instance;
  const { logits, bias } = expandBlocks(clusters, blocks);
  const K = Math.sqrt(logits.length);
  const { values, left, right } = singularValues(
    scaleColumns(
      clusters,
      Float64Array.from(clusters, ([, n]) => n),
      logits,
    ),
    K,
  );
  const samples = clusters.flatMap(([classes, n]) => Array<number>(classes).fill(n));
  const skew = (lambdaH / lambdaW) ** 0.25;
  const weights = new Float64Array(K * K);
  const means = new Float64Array(K * K);
  for (let r = 0; r < K; r++) {
    for (let i = 0; i < K; i++) {
      const root = Math.sqrt(values[r]!);
      weights[i * K + r] = skew * root * left[r * K + i]!;
      means[r * K + i] = ((root / skew) * right[r * K + i]!) / Math.sqrt(samples[i]!);
    }
  }
  return { weights, means, logits, bias };
}

/** The largest difference between numbers at the same place; nulls have to agree. */
function difference(ours: unknown, theirs: unknown): number {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    expect(ours).toHaveLength(theirs.length);
    return Math.max(0, ...ours.map((part, at) => difference(part, theirs[at])));
  }
  if (typeof ours === 'number' && typeof theirs === 'number') return Math.abs(ours - theirs);
  expect(ours).toEqual(theirs);
  return 0;
}

function geometryAt(instance: Instance): Geometry {
  return geometryOfBlocks(instance, solveExact(instance).blocks);
}

describe('the geometry of blocks', () => {
  it('has the ranks, norms and singular values of the reference instances', () => {
    for (const reference of REFERENCE_INSTANCES) {
      const geometry = geometryAt(referenceInstance(reference));
      expect(geometry.rank).toBe(reference.rank);
      const scale = Math.max(1, reference.singular_values[0]!);
      expect(difference(geometry.singularValues, reference.singular_values)).toBeLessThan(
        1e-8 * scale,
      );
      reference.clusters.forEach((_, j) => {
        expect(geometry.normW[j]).toBeCloseTo(reference.norm_W[clusterName(j)]!, 8);
        expect(geometry.normH[j]).toBeCloseTo(reference.norm_H[clusterName(j)]!, 8);
      });
    }
  });

  it('has the cosines of large samples found by others', () => {
    const large = JSON.parse(
      readFileSync(new URL('reference/large_samples.json', import.meta.url), 'utf8'),
    ) as { clusters: Cluster[]; lambda: number; reg_b: number; cos_W: Table; cos_H: Table }[];
    type Table = Record<'A' | 'AB' | 'B', number>;
    expect(large).toHaveLength(11);
    for (const { clusters, lambda, reg_b, cos_W, cos_H } of large) {
      const { cosW, cosH } = geometryAt(instanceOf(clusters, lambda, 2 * reg_b));
      const table = ({ A, AB, B }: Table) => [
        [A, AB],
        [AB, B],
      ];
      expect(difference(cosW, table(cos_W))).toBeLessThan(1e-6);
      expect(difference(cosH, table(cos_H))).toBeLessThan(1e-6);
    }
  });

  it('is that of the balanced factors, and of any rotation of them', () => {
    const profiles: Cluster[][] = [
      [
        [3, 500],
        [4, 100],
      ],
      [
        [2, 300],
        [1, 200],
        [3, 50],
      ],
    ];
    for (const clusters of profiles) {
      for (const lambda of [1e-4, 5e-3, 8e-3]) {
        const instance = instanceOf(clusters, lambda, 0.02, {
          lambdaW: lambda * 50,
          lambdaH: lambda / 50,
        });
        const { blocks } = solveExact(instance);
        const ofBlocks = geometryOfBlocks(instance, blocks);
        const ofFactors = geometryOfFactors(instance, factorsOf(instance, blocks));
        for (const name of Object.keys(ofBlocks) as (keyof Geometry)[]) {
          expect(difference(ofFactors[name], ofBlocks[name]), name).toBeLessThan(1e-7);
        }
      }
    }
  });

  it('scales W and H against each other as their weights do', () => {
    const clusters: Cluster[] = [
      [3, 500],
      [4, 100],
    ];
    const plain = geometryAt(instanceOf(clusters, 1e-3, null));
    const skewed = geometryAt(
      instanceOf(clusters, 1e-3, null, { lambdaW: 1.6e-2, lambdaH: 6.25e-5 }),
    );
    plain.normW.forEach((norm, j) => {
      expect(skewed.normW[j]).toBeCloseTo(norm / 4, 12);
      expect(skewed.normH[j]).toBeCloseTo(plain.normH[j]! * 4, 12);
    });
    expect(difference(skewed.cosH, plain.cosH)).toBeLessThan(1e-12);
    expect(skewed.etfDistanceH).toBeCloseTo(plain.etfDistanceH!, 12);
  });

  it('is neural collapse for balanced classes: cosines -1/(K-1) and no distance to the frame', () => {
    const geometry = geometryAt(instanceOf([[6, 50]], 1e-3, 0.02));
    for (const table of [geometry.cosW, geometry.cosH, geometry.cosZ]) {
      expect(table[0]![0]).toBeCloseTo(-1 / 5, 14);
    }
    for (const distance of [geometry.etfDistanceW, geometry.etfDistanceH, geometry.etfDistanceZ]) {
      expect(distance).toBeLessThan(1e-14);
    }
  });

  it('is farther from the frame the more the classes are imbalanced', () => {
    const distances = [1, 2, 4, 8].map((ratio) => {
      const clusters: Cluster[] = [
        [3, 100 * ratio + 1],
        [3, 100],
      ];
      return geometryAt(instanceOf(clusters, 1e-4, 0.02)).etfDistanceW!;
    });
    expect([...distances].sort((a, b) => a - b)).toEqual(distances);
    expect(distances[0]).toBeLessThan(0.01);
    expect(distances[3]).toBeGreaterThan(0.05);
  });

  it('has no directions where everything has collapsed', () => {
    const geometry = geometryAt(
      instanceOf(
        [
          [3, 50],
          [2, 10],
        ],
        1,
        0.02,
      ),
    );
    const nothing = [
      [null, null],
      [null, null],
    ];
    expect(geometry).toMatchObject({
      rank: 0,
      contrasts: [0, 0],
      cosW: nothing,
      cosH: nothing,
      cosZ: nothing,
      etfDistanceW: null,
      etfDistanceH: null,
      etfDistanceZ: null,
    });
  });
});

describe('the geometry of factors', () => {
  it('averages over the classes of a cluster', () => {
    const clusters: Cluster[] = [[3, 1]];
    const weights = Float64Array.of(1, 0, 0, 2, -3, 0);
    const means = Float64Array.of(1, 0, -1, 0, 1, -1);
    const logits = Float64Array.of(1, 0, -1, 0, 2, -2, -3, 0, 3);
    const geometry = geometryOfFactors(instanceOf(clusters, 1e-3, null), {
      weights,
      means,
      logits,
      bias: null,
    });
    expect(geometry.normW).toEqual([2]);
    expect(geometry.cosW[0]![0]).toBeCloseTo((0 - 1 + 0) / 3, 14);
    expect(geometry.normH[0]).toBeCloseTo((2 + Math.SQRT2) / 3, 14);
    expect(geometry.cosH[0]![0]).toBeCloseTo((0 - Math.SQRT2) / 3, 14);
    expect(geometry.rank).toBe(2);
    expect(geometry.bias).toBeNull();
  });
});
