import { packPath, replacedPath, volumePath, entryPath } from '../paths.js';
import type { FileDetails, Store } from '../store.js';
import type { Coverage } from './coverage.js';
import type { MadeVolume } from './gather.js';
import type { Shelf } from './shelf.js';

/** What others may still have open stays for so long after it was replaced. */
const IN_USE_MS = 3_600_000;

/** Nobody makes a pack, or solves a part, for longer than this after it was begun. */
const LEFT_BEHIND_MS = 24 * 3_600_000;

/**
 * Keeps a volume in the store, where others find it. Several may keep the same one at a time: it is the same to all.
 *
 * @throws errors of the store, as where it may not be written
 */
export async function keepVolume(
  store: Store,
  { id, volume, pack, parts }: MadeVolume,
  shelf: Shelf,
): Promise<void> {
  // A volume without its pack would count for nothing.
  if (pack !== null) await store.publish(packPath(id), pack);
  await store.publish(volumePath(id), volume);
  const entries = parts.filter((part) => shelf.entries.has(part));
  await Promise.all(entries.map((part) => store.remove(entryPath(part))));
}

/** Says that others have what these volumes have. */
export async function markReplaced(store: Store, ids: readonly string[]): Promise<void> {
  for (const id of ids) await store.publish(replacedPath(id), Buffer.from('replaced\n'));
}

/** Removes what nobody needs: volumes that were replaced an hour ago, and what killed processes have left. */
export async function sweepShelf(
  store: Store,
  shelf: Shelf,
  coverage: Coverage,
  now = Date.now(),
): Promise<void> {
  const isOlder = ({ writtenAt }: FileDetails, age: number): boolean => writtenAt < now - age;
  const useless = [...shelf.volumes].filter(([id, details]) => !coverage.counting.has(id) && isOlder(details, IN_USE_MS)); // prettier-ignore
  await markReplaced(store, useless.map(([id]) => id)); // prettier-ignore
  for (const [id, mark] of shelf.replaced) {
    if (!isOlder(mark, IN_USE_MS)) continue;
    // The mark last: who is killed before leaves it for the next one.
    for (const path of [volumePath(id), packPath(id), replacedPath(id)]) await store.remove(path);
  }
  for (const [id, details] of shelf.packs) {
    const isKnown = shelf.volumes.has(id) || shelf.replaced.has(id);
    if (!isKnown && isOlder(details, LEFT_BEHIND_MS)) await store.remove(packPath(id));
  }
  for (const [part, details] of shelf.entries) {
    if (coverage.covers(part) && isOlder(details, IN_USE_MS)) await store.remove(entryPath(part));
  }
}
