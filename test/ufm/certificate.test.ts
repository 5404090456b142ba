import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleCount, type Cluster, type Instance } from '../../study/instance.js';
import type { BlockLogits } from '../../ufm/blocks.js';
import { certify, type Certificate } from '../../ufm/certificate.js';
import { solveExact } from '../../ufm/exact/solve.js';
import { geometryOfBlocks } from '../../ufm/geometry.js';
import { normal, randomInstance, uniform } from './random-instances.js';
import { instanceOf, REFERENCE_INSTANCES, referenceInstance } from './reference-instances.js';

const PROFILES: readonly (readonly Cluster[])[] = [
  ...[2, 10, 100, 10_000].flatMap((ratio) =>
    [
      [5, 5],
      [3, 7],
      [1, 9],
      [50, 50],
    ].flatMap(([a, b]) =>
      [1, 100].map((samples): Cluster[] => [
        [a!, ratio * samples],
        [b!, samples],
      ]),
    ),
  ),
  [
    [3, 5000],
    [3, 4000],
    [4, 3000],
  ],
  [
    [20, 5000],
    [20, 400],
    [20, 50],
    [20, 10],
    [20, 1],
  ],
];

function threshold(clusters: readonly Cluster[], j: number): number {
  return Math.sqrt(clusters[j]![1]) / sampleCount(clusters);
}

/** The blocks with every number changed by up to about `size`, relative and absolute. */
function perturbed(blocks: BlockLogits, size: number, random: () => number): BlockLogits {
  const shake = (values: Float64Array) =>
    values.map((value) => value + size * (1 + Math.abs(value)) * normal(random));
  return {
    contrast: blocks.contrast.map((s) => (s === 0 ? 0 : shake(Float64Array.of(s))[0]!)),
    mean: shake(blocks.mean),
    bias: blocks.bias && shake(blocks.bias),
  };
}

/** Whether a decision is what holds, or open. */
function isTrueOrOpen(decision: boolean | null, truth: boolean): boolean {
  return decision === null || decision === truth;
}

describe('the lower bound', () => {
  it('stays below optimal values found by others, and comes within rounding of them', () => {
    for (const reference of REFERENCE_INSTANCES) {
      const instance = referenceInstance(reference);
      const { lowerBound } = certify(instance, solveExact(instance).blocks);
      expect(lowerBound).toBeLessThanOrEqual(reference.objective);
      expect(lowerBound).toBeGreaterThan(reference.dual * (1 - 1e-12));
    }
  });

  it('stays below the optimum from any blocks, however bad, and is worth more the better they are', () => {
    const random = uniform(11);
    for (let i = 0; i < 150; i++) {
      const clusterCount = 1 + (i % 4);
      const instance = randomInstance(random, { clusterCount, mostClasses: 40 });
      const { blocks, objective } = solveExact(instance);
      const bounds = [1e-9, 1e-5, 1e-2, 1, 30].map(
        (size) => certify(instance, perturbed(blocks, size, random)).lowerBound,
      );
      for (const bound of bounds) expect(bound).toBeLessThanOrEqual(objective);
      expect(bounds[0]).toBeGreaterThan(objective * (1 - 1e-3));
    }
  });

  it('is the closed form for a single cluster', () => {
    const [k, n, lambda] = [7, 90, 2e-3];
    const wrong = lambda * (k - 1) * Math.sqrt(n);
    const contrast = Math.log(((k - 1) * (1 - wrong)) / wrong);
    const optimum = -Math.log1p(-wrong) + lambda * (k - 1) * Math.sqrt(n) * contrast;
    const instance = instanceOf([[k, n]], lambda, 0.02);
    const { lowerBound } = certify(instance, solveExact(instance).blocks);
    expect(lowerBound).toBeLessThanOrEqual(optimum);
    expect(lowerBound).toBeGreaterThan(optimum * (1 - 1e-13));
  });

  it('is zero, which holds always, where the logits are not finite', () => {
    const instance = instanceOf(PROFILES[0]!, 1e-3, null);
    const { blocks } = solveExact(instance);
    const broken = { ...blocks, mean: blocks.mean.map(() => NaN) };
    const certificate = certify(instance, broken);
    expect(certificate.lowerBound).toBe(0);
    expect(certificate.collapsed).toEqual([null, null]);
    expect(certificate.meanCollapsed).toBeNull();
  });
});

describe('collapse', () => {
  it.each([1e-2, 1e-3, 1e-4, 1e-5])(
    'is decided at relative distances of %f from every threshold',
    (distance) => {
      for (const clusters of PROFILES) {
        clusters.forEach(([classes], j) => {
          if (classes === 1) return;
          for (const lambdaB of [null, 0, 0.02]) {
            for (const side of [1, -1]) {
              const lambda = threshold(clusters, j) * (1 + side * distance);
              const instance = instanceOf(clusters, lambda, lambdaB);
              const { collapsed } = certify(instance, solveExact(instance).blocks);
              expect(collapsed[j], JSON.stringify(instance)).toBe(side > 0);
            }
          }
        });
      }
    },
  );

  it('is never decided wrongly next to a threshold, whatever the blocks', () => {
    const random = uniform(5);
    let decided = 0;
    for (const clusters of PROFILES) {
      clusters.forEach(([classes], j) => {
        if (classes === 1) return;
        for (const distance of [1e-2, 1e-4, 1e-6, 1e-9, 1e-13]) {
          for (const side of [1, -1]) {
            for (const size of [0, 1e-12, 1e-8, 1e-5, 1e-3, 0.1, 3]) {
              const lambda = threshold(clusters, j) * (1 + side * distance);
              const lambdaB = [null, 0, 0.02][Math.floor(3 * random())]!;
              const instance = instanceOf(clusters, lambda, lambdaB);
              const blocks = perturbed(solveExact(instance).blocks, size, random);
              const { collapsed } = certify(instance, blocks);
              expect(isTrueOrOpen(collapsed[j]!, side > 0), JSON.stringify(instance)).toBe(true);
              if (collapsed[j] !== null) decided++;
            }
          }
        }
      });
    }
    expect(decided).toBeGreaterThan(500);
  });

  it('is never decided wrongly where zero contrast is offered below the threshold, or some above it', () => {
    for (const clusters of PROFILES) {
      const last = clusters.length - 1;
      for (const factor of [0.9, 0.999, 1.001, 1.1]) {
        const instance = instanceOf(clusters, threshold(clusters, last) * factor, 0.02);
        const { blocks } = solveExact(instance);
        for (const contrast of [0, 1e-6, 0.1]) {
          const offered = { ...blocks, contrast: blocks.contrast.with(last, contrast) };
          const { collapsed } = certify(instance, offered);
          expect(isTrueOrOpen(collapsed[last]!, factor > 1)).toBe(true);
        }
      }
    }
  });

  it('of a single class is never decided', () => {
    const instance = instanceOf(
      [
        [1, 20],
        [2, 10],
      ],
      0.5,
      null,
    );
    expect(certify(instance, solveExact(instance).blocks).collapsed).toEqual([null, true]);
  });

  it('is left open where the features have too few dimensions for the convex optimum', () => {
    const clusters = PROFILES[0]!;
    const lambda = threshold(clusters, 1) * 1.2;
    const at = (featureDimension: number) => {
      const instance = instanceOf(clusters, lambda, 0.02, { featureDimension });
      return certify(instance, solveExact(instance).blocks);
    };
    const { rankBound, collapsed } = at(10);
    expect(collapsed).toEqual([false, true]);
    expect(at(rankBound).collapsed).toEqual(collapsed);
    expect(at(rankBound - 1).collapsed).toEqual([null, null]);
    expect(at(rankBound - 1).meanCollapsed).toBeNull();
    expect(at(rankBound - 1).lowerBound).toBe(at(10).lowerBound);
  });
});

interface Transition {
  readonly kA: number;
  readonly r: number;
  readonly nB: number;
  readonly reg_b: number | null;
  readonly roots: readonly number[];
}

const TRANSITIONS = JSON.parse(
  readFileSync(new URL('reference/majority_minority_transition.json', import.meta.url), 'utf8'),
) as readonly Transition[];

function atTransition({ kA, r, nB, reg_b, roots }: Transition, factor: number): Instance {
  const clusters: Cluster[] = [
    [kA, r * nB],
    [10 - kA, nB],
  ];
  return instanceOf(clusters, roots[0]! * factor, reg_b === null ? null : 2 * reg_b);
}

describe('the mean block', () => {
  it.each([1e-2, 1e-3, 1e-4, 1e-5])(
    'is decided at relative distances of %f from its transition',
    (distance) => {
      for (const transition of TRANSITIONS) {
        for (const side of [1, -1]) {
          const instance = atTransition(transition, 1 + side * distance);
          const { meanCollapsed } = certify(instance, solveExact(instance).blocks);
          expect(meanCollapsed, JSON.stringify(instance)).toBe(side > 0);
        }
      }
    },
  );

  it('is never decided wrongly, whatever the blocks', () => {
    const random = uniform(17);
    for (const transition of TRANSITIONS) {
      for (const side of [0.1, -0.1, 1e-3, -1e-3, 1e-6, -1e-6]) {
        const instance = atTransition(transition, 1 + side);
        const { blocks } = solveExact(instance);
        for (const size of [1e-10, 1e-6, 1e-4, 1e-2, 1]) {
          const { meanCollapsed } = certify(instance, perturbed(blocks, size, random));
          expect(isTrueOrOpen(meanCollapsed, side > 0)).toBe(true);
        }
      }
    }
  });

  it('of three clusters is zero from the largest threshold on, and is not at small lambda', () => {
    const clusters = PROFILES.at(-2)!;
    for (const lambdaB of [null, 0, 0.02]) {
      const at = (factor: number): Certificate => {
        const instance = instanceOf(clusters, factor * threshold(clusters, 0), lambdaB);
        return certify(instance, solveExact(instance).blocks);
      };
      expect(at(1.01)).toMatchObject({ meanCollapsed: true, rankBound: 0 });
      expect(at(0.1).meanCollapsed).toBe(false);
    }
  });

  it('of a single cluster is never decided', () => {
    const instance = instanceOf([[4, 10]], 0.01, null);
    expect(certify(instance, solveExact(instance).blocks).meanCollapsed).toBeNull();
  });
});

describe('the bound of the rank', () => {
  it('is the rank of the reference instances', () => {
    for (const reference of REFERENCE_INSTANCES) {
      const instance = referenceInstance(reference);
      const { blocks } = solveExact(instance);
      expect(certify(instance, blocks).rankBound).toBe(reference.rank);
    }
  });

  it('is never below the rank, whatever the blocks', () => {
    const random = uniform(23);
    for (let i = 0; i < 100; i++) {
      const clusterCount = 1 + (i % 5);
      const instance = randomInstance(random, { clusterCount, mostClasses: 30 });
      const { blocks } = solveExact(instance);
      const { rank } = geometryOfBlocks(instance, blocks);
      for (const size of [1e-8, 1e-3, 1]) {
        const { rankBound } = certify(instance, perturbed(blocks, size, random));
        expect(rankBound).toBeGreaterThanOrEqual(rank);
      }
    }
  });
});
