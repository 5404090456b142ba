import {
  isPiecePath,
  isUnfinishedPath,
  piecesFolder,
  shardOf,
  TEMPORARY_FOLDER,
  type StudyVersion,
} from './paths.js';
import type { Store } from './store.js';
import { sweepPlans } from './sweep-plans.js';

/**
 * A file takes seconds to write, and the pieces of a shard that is being solved are added to all the time: what nobody
 * has touched for a day was left behind. Long enough, too, for machines whose clocks disagree by hours.
 */
const LEFT_BEHIND_MS = 24 * 3600 * 1000;

/**
 * Removes what killed processes have left behind: unfinished files of the store, plans of a study that do not count any
 * more, and pieces of its shards that have landed, or that nobody goes on with. Whoever is writing or solving after all loses no more than some work: a
 * file that was taken away fails to be published and is written again. What has a name that this program does not give stays.
 *
 * @param parts paths of parts that have landed
 */
export async function sweep(
  store: Store,
  version: StudyVersion,
  parts: readonly string[],
  now = Date.now(),
): Promise<void> {
  const isLeft = (time: number): boolean => time < now - LEFT_BEHIND_MS;
  await sweepPlans(store, version, isLeft);
  for (const [path, { writtenAt }] of await store.details(TEMPORARY_FOLDER)) {
    if (isUnfinishedPath(path) && isLeft(writtenAt)) await store.remove(path);
  }
  const found = await store.details(piecesFolder(version));
  const pieces = new Map([...found].filter(([path]) => isPiecePath(path)));
  const newest = new Map<string | null, number>();
  for (const [path, { writtenAt }] of pieces) {
    const shard = shardOf(path);
    newest.set(shard, Math.max(writtenAt, newest.get(shard) ?? 0));
  }
  const landed = new Set<string | null>(pieces.size === 0 ? [] : parts.map(shardOf));
  for (const path of pieces.keys()) {
    const shard = shardOf(path);
    if (landed.has(shard) || isLeft(newest.get(shard)!)) await store.remove(path);
  }
}
