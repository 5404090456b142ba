import { ParquetFile } from 'parquet-wasm/node';
import { describe, expect, it } from 'vitest';
import { DamagedFileError } from '../../results/checksum.js';
import {
  CACHED,
  encodePlan,
  readPlan,
  readPlanShard,
  SHARDS_PER_PAGE,
} from '../../results/plan-file.js';
import { canonicalJson } from '../../study/key.js';
import type { PlannedPoint } from '../../study/study.js';
import { sampleRow } from './sample-rows.js';

function plannedPoint(index: number, shard: number): PlannedPoint {
  const { key, instance } = sampleRow(index);
  return {
    key,
    grid: 'größe',
    coordinates: { lambda: 0.1 + index, samples: [3, 2, 1] },
    instance,
    instanceJson: canonicalJson(instance),
    round: 2,
    shard,
  };
}

const shards = [0, 0, 0, 1, 2, 2, CACHED, CACHED];
const points = shards.map((shard, index) => plannedPoint(index, shard));

describe('a plan file', () => {
  it('gives back every point of the round', () => {
    expect(readPlan(encodePlan(points))).toEqual(points);
  });

  it('gives back the points of one shard', () => {
    const bytes = encodePlan(points);
    const taken = points.map(({ key, instance }) => ({ key, instance: canonicalJson(instance) }));
    expect([0, 1, 2].map((shard) => readPlanShard(bytes, shard))).toEqual([
      taken.slice(0, 3),
      taken.slice(3, 4),
      taken.slice(4, 6),
    ]);
  });

  it('of a later page gives back its shards by their numbers in the plan', () => {
    const bytes = encodePlan(
      [0, 1].map((index) => plannedPoint(index, 2 * SHARDS_PER_PAGE + index)),
    );
    expect(readPlanShard(bytes, 2 * SHARDS_PER_PAGE + 1)).toMatchObject([{ key: points[1]!.key }]);
    expect(() => readPlanShard(bytes, 1)).toThrow(/it does not have shard 1/);
  });

  it('holds a row group a shard, with the cached points last', async () => {
    const file = await ParquetFile.fromFile(new Blob([new Uint8Array(encodePlan(points))]));
    const groups = file.metadata().rowGroups();
    expect(groups.map((group) => group.numRows())).toEqual([3, 1, 2, 2]);
  });

  it('takes points in any order and keeps that order within a shard', () => {
    const bytes = encodePlan([...points].reverse());
    expect(readPlanShard(bytes, 0).map(({ key }) => key)).toEqual([
      points[2]!.key,
      points[1]!.key,
      points[0]!.key,
    ]);
    expect(readPlan(bytes)).toHaveLength(points.length);
  });

  it('has equal bytes for equal points, however their coordinates are ordered', () => {
    const bytes = encodePlan(points);
    const same = points.map((point) => ({
      ...point,
      coordinates: { samples: [3, 2, 1], lambda: point.coordinates.lambda! },
    }));
    expect(Buffer.from(encodePlan(same)).equals(bytes)).toBe(true);
  });

  it('may have cached points only, or none', () => {
    const cached = points.slice(6);
    expect(readPlan(encodePlan(cached))).toEqual(cached);
    expect(readPlan(encodePlan([]))).toEqual([]);
  });

  it('has no shard that nobody planned', () => {
    const bytes = encodePlan(points);
    expect(() => readPlanShard(bytes, 3)).toThrow(/it does not have shard 3/);
    expect(() => readPlanShard(bytes, 4)).toThrow(/it does not have shard 4/);
    expect(() => readPlanShard(encodePlan([]), 0)).toThrow(/it does not have shard 0/);
  });

  it('refuses shards that are not numbered without a gap', () => {
    expect(() => encodePlan([plannedPoint(0, 0), plannedPoint(1, 2)])).toThrow(
      /2 shards, but none has number 1/,
    );
  });

  it('refuses to be read when a byte is not as it was written', () => {
    const bytes = encodePlan(points);
    bytes[50]! ^= 1;
    expect(() => readPlan(bytes)).toThrow(DamagedFileError);
    expect(() => readPlanShard(bytes, 0)).toThrow(DamagedFileError);
  });
});
