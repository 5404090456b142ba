import type { RecordBatch } from 'apache-arrow';
import { encodeBatches, readBatches, unpackBatches, valuesOf } from '../parquet.js';
import type { EncodedPart } from '../part.js';
import { entryPath } from '../paths.js';
import type { Store } from '../store.js';
import { ENTRY_COLUMNS, entryOf, type ListedPart } from './rows.js';

/**
 * Publishes the entry of a part that has just landed, so that whoever opens the store need not read the part. Without it
 * the part counts all the same.
 *
 * @param part its path in the store
 */
export async function publishEntry(
  store: Store,
  part: string,
  { bytes, facts }: Pick<EncodedPart, 'bytes' | 'facts'>,
): Promise<void> {
  const rows = unpackBatches(facts);
  const details = await store.detailsOf(part);
  // Somebody has set it aside, or put something else in its place.
  if (rows.length === 0 || details?.bytes !== bytes.length) return;
  const listed = { path: part, ...details };
  await writeEntry(store, part, rows.map((row) => entryOf(listed, row))); // prettier-ignore
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
