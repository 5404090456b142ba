import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { FolderStore } from '../../results/folder-store.js';
import { encodePart } from '../../results/part.js';
import { partPath, shardId, type StudyVersion } from '../../results/paths.js';
import type { Row } from '../../results/row.js';
import type { Store } from '../../results/store.js';
import { saveStudy } from '../../results/studies.js';
import { canonicalJson, specHash } from '../../study/key.js';
import type { PlannedPoint, Study } from '../../study/study.js';
import { publishPlan } from './published-plan.js';
import { sampleRow } from './sample-rows.js';

/** A function that opens a new, empty store at each call; all of them are removed after the tests of the file. */
export async function newStores(): Promise<() => FolderStore> {
  const root = await mkdtemp(join(tmpdir(), 'ufm-results-'));
  afterAll(() => rm(root, { recursive: true }));
  let stores = 0;
  return () => new FolderStore(join(root, `store ${stores++}'s`));
}

export const STUDY: Study = {
  version: 1,
  name: 'collapse',
  grids: [],
  solver: { kind: 'tensor', tolerance: 1e-6, polish: true },
  shardSize: 4,
};

export const SPEC_HASH = specHash(STUDY);

/** The point of `sampleRow(index)`, planned. */
export function plannedPoint(index: number, change: Partial<PlannedPoint> = {}): PlannedPoint {
  const { key, instance } = sampleRow(index);
  return {
    key,
    grid: 'ratio',
    coordinates: { majoritySamples: 500 + index },
    instance,
    instanceJson: canonicalJson(instance),
    round: 0,
    shard: 0,
    ...change,
  };
}

/** Publishes the part of the rows under the name that it should have; returns its path. */
export async function land(store: Store, rows: readonly Row[], retry = 0): Promise<string> {
  const path = partPath(shardId(rows.map(({ key }) => key)), retry);
  await store.publish(path, encodePart(rows));
  return path;
}

/** A study of ten points in shards of four, four and two, all of them landed. */
export async function storeStudy(
  store: Store,
): Promise<{ readonly version: StudyVersion; readonly parts: readonly string[] }> {
  const version = await saveStudy(store, STUDY, SPEC_HASH, 'name: collapse');
  const points = Array.from({ length: 10 }, (_, index) =>
    plannedPoint(index, { shard: Math.floor(index / 4) }),
  );
  await publishPlan(store, version, points);
  const parts: string[] = [];
  for (let shard = 0; shard < 3; shard++) {
    const indices = [0, 1, 2, 3].map((index) => 4 * shard + index).filter((index) => index < 10);
    parts.push(
      await land(
        store,
        indices.map((index) => sampleRow(index)),
      ),
    );
  }
  return { version, parts };
}
