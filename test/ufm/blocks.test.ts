import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../study/instance.js';
import { averageOverClusters, clusterOfClass, expandBlocks } from '../../ufm/blocks.js';
import { objectiveOfBlocks } from '../../ufm/objective.js';
import { convexProblem } from '../../ufm/problem.js';
import { instanceOf } from './reference-instances.js';
import { normal, uniform } from './random-instances.js';

const clusters: readonly Cluster[] = [
  [3, 50],
  [1, 20],
  [2, 5],
];

function randomLogits(seed: number, K: number): Float64Array {
  const random = uniform(seed);
  return Float64Array.from({ length: K * K }, () => normal(random));
}

describe('blocks of logits', () => {
  it('expand to logits whose average they are', () => {
    const bias = Float64Array.of(1, 1, 1, 2, 3, 3);
    const blocks = averageOverClusters(clusters, randomLogits(1, 6), bias);
    const expanded = expandBlocks(clusters, blocks);
    const again = averageOverClusters(clusters, expanded.logits, expanded.bias);
    for (const part of ['mean', 'contrast', 'bias'] as const) {
      again[part]!.forEach((value, at) => {
        expect(value).toBeCloseTo(blocks[part]![at]!, 14);
      });
    }
  });

  it('are the mean over all permutations of classes inside clusters', () => {
    const logits = randomLogits(2, 6);
    const { logits: averaged } = expandBlocks(
      clusters,
      averageOverClusters(clusters, logits, null),
    );
    const clusterOf = clusterOfClass(clusters);
    const permutations = permutationsOf([0, 1, 2, 3, 4, 5]).filter((permutation) =>
      permutation.every((to, from) => clusterOf[to] === clusterOf[from]),
    );
    expect(permutations).toHaveLength(12);
    averaged.forEach((value, at) => {
      const [i, k] = [Math.floor(at / 6), at % 6];
      const sum = permutations.reduce((s, p) => s + logits[p[i]! * 6 + p[k]!]!, 0);
      expect(value).toBeCloseTo(sum / 12, 14);
    });
  });

  it('cost no more than the logits that they average', () => {
    for (const lambdaB of [null, 0, 0.5]) {
      const instance = instanceOf(clusters, 0.01, lambdaB);
      const apart: Cluster[] = clusterOfClass(clusters).map((a) => [1, clusters[a]![1]]);
      const bias = lambdaB === null ? null : randomLogits(3, 6).slice(0, 6);
      const logits = randomLogits(4, 6);
      const before = objectiveOfBlocks(
        convexProblem({ ...instance, clusters: apart }),
        averageOverClusters(apart, logits, bias),
      );
      const after = objectiveOfBlocks(
        convexProblem(instance),
        averageOverClusters(clusters, logits, bias),
      );
      expect(after).toBeLessThan(before);
    }
  });
});

function permutationsOf(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value) =>
    permutationsOf(values.filter((other) => other !== value)).map((rest) => [value, ...rest]),
  );
}
