import { DamagedFileError } from '../results/checksum.js';
import { requireNamed } from '../results/content-named.js';
import { LARGEST_MANIFEST, pageOfShard, readManifest, type Manifest } from '../results/manifest.js';
import { isManifestPath } from '../results/paths.js';
import { readPlanShard, type ShardPoint } from '../results/plan-file.js';
import type { Store } from '../results/store.js';
import type { StudyReference } from '../study/orchestration.js';
import { note } from './span.js';

/** Shard `shard` of the plan whose manifest is at `plan`. */
export interface ShardJob {
  readonly reference: StudyReference;
  readonly plan: string;
  readonly shard: number;
}

/** Manifests that a process keeps: a worker solves shards of few plans at a time. */
const MOST_KEPT = 8;

/** By path, which says what is in them: they never change. The one that was read last stands last. */
const kept = new Map<string, Manifest>();

/**
 * The points of a shard; null when the plan is damaged or not there, or one of an early version of this program, which
 * had no manifests: planning again makes a new one.
 */
export async function readPlannedShard(
  store: Store,
  { reference, plan, shard }: ShardJob,
): Promise<ShardPoint[] | null> {
  try {
    const manifest = await manifestAt(store, plan);
    const page = manifest && pageOfShard(reference, manifest, shard);
    if (page === null) return null;
    note({ 'ufm.page': page.path });
    const bytes = await store.read(page.path);
    if (bytes === null) return null;
    requireNamed(page.path, bytes);
    return readPlanShard(bytes, shard, page.rowGroup);
  } catch (error) {
    if (error instanceof DamagedFileError) return null;
    throw error;
  }
}

async function manifestAt(store: Store, path: string): Promise<Manifest | null> {
  let manifest = kept.get(path);
  if (manifest === undefined) {
    const bytes = isManifestPath(path) ? await store.read(path, LARGEST_MANIFEST) : null;
    if (bytes === null) return null;
    manifest = readManifest(path, bytes);
  }
  kept.delete(path);
  kept.set(path, manifest);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT) kept.delete(oldest!);
  return manifest;
}
