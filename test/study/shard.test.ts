import { describe, expect, it } from 'vitest';
import { instanceAt } from '../../study/expand.js';
import type { Instance } from '../../study/instance.js';
import { Sharder } from '../../study/shard.js';

const solver = { kind: 'tensor', tolerance: 1e-6, polish: true } as const;
const base = instanceAt(
  { solver },
  {
    clusters: [
      [5, 500],
      [5, 100],
    ],
    lambda: 0.01,
  },
);
const pointsOf = (...instances: Partial<Instance>[]) =>
  instances.map((change, id) => ({ id, instance: { ...base, ...change } }));
const shardPoints = <P extends { readonly instance: Instance }>(
  points: readonly P[],
  size: number,
): P[][] => {
  const sharder = new Sharder<P>(() => size);
  const full = points.flatMap((point) => {
    const shard = sharder.add(point);
    return shard === null ? [] : [shard];
  });
  return [...full, ...sharder.rest()];
};
const ids = (shards: { id: number }[][]) => shards.map((shard) => shard.map(({ id }) => id));

describe('shards', () => {
  it('hold at most so many points, in their order', () => {
    expect(ids(shardPoints(pointsOf({}, {}, {}, {}, {}), 2))).toEqual([[0, 1], [2, 3], [4]]);
    expect(shardPoints([], 2)).toEqual([]);
  });

  it('hold instances of one shape and one setting, in the order of the first of each', () => {
    const odd: Partial<Instance>[] = [
      { solver: 'exact' },
      { tolerance: 1e-9 },
      { polish: false },
      { lambdaB: 0 },
      { featureDimension: 9 },
      { clusters: [[11, 500]] },
      { form: 'per-sample' },
    ];
    const points = pointsOf(...odd, {}, ...odd, {});
    expect(ids(shardPoints(points, 100))).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((id) => [id, id + 8]),
    );
  });

  it('mix what the shape does not depend on', () => {
    const alike = pointsOf(
      { lambdaB: 0 },
      {
        lambdaB: 0.1,
        lambdaW: 1,
        seed: 3,
        clusters: [
          [3, 9],
          [7, 1],
        ],
      },
    );
    expect(ids(shardPoints(alike, 100))).toEqual([[0, 1]]);
  });

  it('keep per-sample instances of different sizes apart', () => {
    const form = 'per-sample';
    const points = pointsOf(
      { form, clusters: [[10, 4]] },
      { form, clusters: [[10, 5]] },
      {
        form,
        clusters: [
          [5, 6],
          [5, 2],
        ],
      },
    );
    expect(ids(shardPoints(points, 100))).toEqual([[0, 2], [1]]);
  });

  it('of per-sample instances fit into memory, with at least one in each', () => {
    const large = Array.from(
      { length: 5 },
      () => ({ form: 'per-sample', clusters: [[10, 100_000]] }) as const,
    );
    expect(ids(shardPoints(pointsOf(...large), 100))).toEqual([[0, 1], [2, 3], [4]]);
    const huge = large.map((instance) => ({ ...instance, featureDimension: 100 }));
    expect(ids(shardPoints(pointsOf(...huge), 100))).toEqual([[0], [1], [2], [3], [4]]);
  });
});
