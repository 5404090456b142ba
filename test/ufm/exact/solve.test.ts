import { describe, expect, it } from 'vitest';
import type { Cluster, Instance } from '../../../study/instance.js';
import { certify } from '../../../ufm/certificate.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { randomInstance, uniform, type Ranges } from '../random-instances.js';
import { instanceOf } from '../reference-instances.js';

function relativeGap(instance: Instance): number {
  const { blocks, objective } = solveExact(instance);
  return (objective - certify(instance, blocks).lowerBound) / objective;
}

/** Kinds of random instances, and how many of each; UFM_INSTANCES multiplies them. */
const KINDS: readonly (Ranges & { readonly count: number })[] = [
  { clusterCount: 1, mostClasses: 100, count: 200 },
  { clusterCount: 2, mostClasses: 10, count: 600 },
  { clusterCount: 2, mostClasses: 100, count: 600 },
  { clusterCount: 3, mostClasses: 10, count: 300 },
  { clusterCount: 3, mostClasses: 100, count: 200 },
  { clusterCount: 4, mostClasses: 40, count: 100 },
  { clusterCount: 5, mostClasses: 100, count: 60 },
  { clusterCount: 6, mostClasses: 100, count: 40 },
  { clusterCount: 10, mostClasses: 10, longTail: true, count: 40 },
  { clusterCount: 20, mostClasses: 20, longTail: true, count: 8 },
];
const TIMES = Number(process.env['UFM_INSTANCES'] ?? 1);

describe('the exact solver', () => {
  it('closes the gap of every random instance to 1e-9, as the table tells', () => {
    const table = KINDS.map((kind) => {
      const random = uniform(kind.clusterCount * 1000 + kind.mostClasses);
      const instances = Array.from({ length: kind.count * TIMES }, () =>
        randomInstance(random, kind),
      );
      const gaps = instances.map(relativeGap);
      const open = instances.filter((_, i) => !(gaps[i]! <= 1e-9));
      expect(open).toEqual([]);
      return {
        clusters: kind.clusterCount,
        'classes at most': kind.mostClasses,
        instances: instances.length,
        'above 1e-9': open.length,
        'worst relative gap': Math.max(...gaps),
      };
    });
    console.table(table);
    const tried = table.reduce((sum, { instances }) => sum + instances, 0);
    expect(tried).toBeGreaterThanOrEqual(2000);
  });

  it('comes through predictions that saturate on the way', () => {
    const samples = [5302455, 2197832, 910987, 377598, 156512, 64873, 26889, 11145, 4620, 1915];
    const classes = [4, 1, 1, 1, 10, 2, 8, 9, 1, 9];
    const clusters = samples.map((n, j): Cluster => [classes[j]!, n]);
    expect(relativeGap(instanceOf(clusters, 1.2796977163737056e-6, 0))).toBeLessThan(1e-12);
  });

  it('sees only the product of the weights of W and H', () => {
    for (const clusters of [CLUSTERS_OF_TWO, CLUSTERS_OF_THREE]) {
      const plain = solveExact(instanceOf(clusters, 2e-3, 0.02));
      const skewed = solveExact(instanceOf(clusters, 2e-3, 0.02, { lambdaW: 0.2, lambdaH: 2e-5 }));
      expect(skewed.objective).toBeCloseTo(plain.objective, 12);
    }
  });

  it('does not see the feature dimension', () => {
    const { objective } = solveExact(instanceOf(CLUSTERS_OF_TWO, 2e-3, 0.02));
    const { objective: ofOne } = solveExact(
      instanceOf(CLUSTERS_OF_TWO, 2e-3, 0.02, { featureDimension: 1 }),
    );
    expect(ofOne).toBe(objective);
  });

  it('ends at the same optimum from a start far off, and sooner from one near by', () => {
    for (const clusters of [CLUSTERS_OF_TWO, CLUSTERS_OF_THREE]) {
      for (const lambdaB of [null, 0, 0.02]) {
        const instance = instanceOf(clusters, 2e-3, lambdaB);
        const cold = solveExact(instance);
        const near = solveExact(instanceOf(clusters, 2.05e-3, lambdaB), cold.blocks);
        expect(near.iterations).toBeLessThan(cold.iterations);
        const far = solveExact(instanceOf(clusters, 2e-5, lambdaB)).blocks;
        expect(solveExact(instance, far).objective).toBeCloseTo(cold.objective, 13);
      }
    }
  });

  it('gives two clusters the same optimum when a third one hardly differs from the second', () => {
    const objective = (clusters: readonly Cluster[]) =>
      solveExact(instanceOf(clusters, 1e-4, 0.02)).objective;
    const two: Cluster[] = [
      [3, 2e6],
      [4, 1e6],
    ];
    const three: Cluster[] = [
      [3, 2e6],
      [2, 1e6 + 1],
      [2, 1e6],
    ];
    expect(objective(three)).toBeCloseTo(objective(two), 6);
  });

  it('keeps contrasts at exactly zero from their thresholds on', () => {
    for (const clusters of [CLUSTERS_OF_TWO, CLUSTERS_OF_THREE]) {
      const total = clusters.reduce((sum, [k, n]) => sum + k * n, 0);
      clusters.forEach(([, samples], j) => {
        const threshold = Math.sqrt(samples) / total;
        const at = (factor: number) =>
          solveExact(instanceOf(clusters, threshold * factor, 0.02)).blocks.contrast[j]!;
        expect(at(1.001)).toBe(0);
        expect(at(0.999)).toBeGreaterThan(0);
      });
    }
  });

  it('stays at zero for one class', () => {
    const { blocks, objective } = solveExact(instanceOf([[1, 10]], 0.1, 0.02));
    expect(objective).toBe(0);
    expect([...blocks.contrast, ...blocks.mean, ...blocks.bias!]).toEqual([0, 0, 0]);
  });
});

const CLUSTERS_OF_TWO: readonly Cluster[] = [
  [5, 500],
  [4, 100],
];
const CLUSTERS_OF_THREE: readonly Cluster[] = [
  [3, 500],
  [2, 300],
  [4, 50],
];
