import type { ColumnShape } from '../arrow-values.js';
import type { Trusted } from '../intact-files.js';
import { examine } from '../parquet.js';
import { CATALOG_FOLDER, inCatalog, packPath, partOfEntry, volumePath } from '../paths.js';
import type { FileDetails, Store } from '../store.js';
import { UnusableFile } from '../unusable-file.js';
import { ENTRY_COLUMNS, PACK_COLUMNS } from './rows.js';

/** The files of a catalog, as a listing shows them. */
export interface Shelf {
  /** By id; without those that others have replaced. */
  readonly volumes: ReadonlyMap<string, FileDetails>;
  /** By the id of their volume. */
  readonly packs: ReadonlyMap<string, FileDetails>;
  /** By the path of their part. */
  readonly entries: ReadonlyMap<string, FileDetails>;
  /** When volumes were replaced, by id. */
  readonly replaced: ReadonlyMap<string, FileDetails>;
}

/** A file that a listing showed has gone since: what took its place stands in a new one. */
export class ShelfChanged extends Error {
  override readonly name = 'ShelfChanged';
}

export async function listShelf(store: Store): Promise<Shelf> {
  const found = { entries: new Map(), volumes: new Map(), packs: new Map(), replaced: new Map() } as
    Record<keyof Shelf, Map<string, FileDetails>>; // prettier-ignore
  for (const [path, details] of await store.details(CATALOG_FOLDER)) {
    const place = inCatalog(path);
    if (place === null) continue;
    const name = place.kind === 'entries' ? partOfEntry(path) : place.name;
    found[place.kind].set(name, details);
  }
  for (const id of found.replaced.keys()) found.volumes.delete(id);
  return found;
}

/** Whether a volume can be read; see `isSound`. */
export function isSoundVolume(
  store: Store,
  id: string,
  shelf: Shelf,
  trusted: Trusted,
): Promise<boolean> {
  return isSound(store, volumePath(id), shelf.volumes.get(id)!, ENTRY_COLUMNS, trusted);
}

/** Whether a pack can be read; see `isSound`. */
export function isSoundPack(
  store: Store,
  id: string,
  shelf: Shelf,
  trusted: Trusted,
): Promise<boolean> {
  return isSound(store, packPath(id), shelf.packs.get(id)!, PACK_COLUMNS, trusted);
}

/**
 * Whether a file of the catalog can be read. A damaged one is set aside: the parts have all that was in it.
 *
 * @throws ShelfChanged
 */
export async function isSound(
  store: Store,
  path: string,
  { version }: FileDetails,
  shapes: readonly ColumnShape[],
  trusted: Trusted,
): Promise<boolean> {
  if (trusted.get(path) === version) return true;
  try {
    const bytes = await store.read(path);
    if (bytes === null) throw new ShelfChanged(path);
    const { fault } = examine(bytes, shapes);
    if (fault === null) trusted.set(path, version);
    else if (!fault.isOtherVersion) await setAside(store, path, bytes);
    return fault === null;
  } catch (error) {
    if (error instanceof UnusableFile) return false;
    throw error;
  }
}

/** As far as this process may write. */
export async function setAside(store: Store, path: string, judged?: Uint8Array): Promise<void> {
  await store.quarantine(path, judged).catch(() => undefined);
}
