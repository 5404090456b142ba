import type { RecordBatch } from 'apache-arrow';
import { encodeBatches, readBatches, valuesOf } from '../parquet.js';
import { entryPath } from '../paths.js';
import type { Store } from '../store.js';
import { ENTRY_COLUMNS, readPart, type ListedPart } from './rows.js';

/**
 * Publishes the entry of a part that has just landed, so that whoever opens the store need not read the part. Without it
 * the part counts all the same.
 *
 * @param part its path in the store
 * @param bytes as they were published
 */
export async function publishEntry(store: Store, part: string, bytes: Uint8Array): Promise<void> {
  const details = await store.detailsOf(part);
  // Somebody has set it aside, or put something else in its place.
  if (details?.bytes !== bytes.length) return;
  const { entry } = readPart({ path: part, ...details }, bytes, false);
  await writeEntry(store, part, entry);
}

/** Over what stands there: it was the entry of an earlier part of this name. */
export async function writeEntry(
  store: Store,
  part: string,
  entry: readonly RecordBatch[],
): Promise<void> {
  await store.replace(entryPath(part), encodeBatches(ENTRY_COLUMNS, entry));
}

/**
 * What an entry says of a part; null where it was written for another one of that name.
 *
 * @throws DamagedFileError when it cannot be read
 */
export function readEntry(part: ListedPart, bytes: Uint8Array): readonly RecordBatch[] | null {
  const { batches } = readBatches(bytes, ENTRY_COLUMNS);
  const first = batches[0];
  if (first === undefined) return null;
  const [path, size, version] = ENTRY_COLUMNS.slice(0, 3).map((shape) => valuesOf(first, shape)[0]);
  return path === part.path && size === part.bytes && version === part.version ? batches : null;
}
