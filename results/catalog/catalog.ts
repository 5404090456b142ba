import { basename, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { byPath, notOurs, type CheckedFiles, type Problem, type Trusted } from '../intact-files.js';
import { entryPath, isPartPath, PARTS_FOLDER, volumePath } from '../paths.js';
import type { Store } from '../store.js';
import { coverageOf, type CatalogFile, type Coverage, type Listing } from './coverage.js';
import { writeEntry } from './entry.js';
import { gather, type Gathering } from './gather.js';
import { keepVolume, markReplaced, sweepShelf } from './keep.js';
import { merge } from './merge.js';
import { ENTRY_COLUMNS, type ListedPart } from './rows.js';
import type { Scratch } from './scratch.js';
import { isSound, isSoundVolume, listShelf, type Shelf } from './shelf.js';

/** What a catalog says of the parts of a store as they are now. */
export interface Catalog {
  /** The files that say it, on this machine. */
  readonly files: readonly CatalogFile[];
  readonly coverage: Coverage;
  readonly shelf: Shelf;
  /** All parts of the store, none of which was read where the catalog knows it. */
  readonly parts: CheckedFiles;
}

/** Parts that no volume has are gathered into one when there are more: to read that many entries takes a tenth of a second. */
const MOST_LOOSE = 32;

/** Entries of more bytes, of parts of ten thousand rows, are as good as a volume. */
const LARGE_ENTRY = 1_000_000;

/** What there is, without a look into any part. */
interface Seen {
  readonly shelf: Shelf;
  readonly listing: Listing;
  readonly foreign: readonly Problem[];
  readonly files: readonly CatalogFile[];
  readonly coverage: Coverage;
}

/**
 * Opens the catalog of a store, and brings it up to date: what is new is read, and kept for others as far as this process
 * may write.
 *
 * @param scratch gets what is new, and what may not be written into the store
 * @throws ShelfChanged when somebody else has removed what was listed: then it is to be opened again
 */
export async function openCatalog(
  store: Store,
  connection: DuckDBConnection,
  scratch: Scratch,
  trusted: Trusted,
): Promise<Catalog> {
  const problems: Problem[] = [];
  const lookAgain = (): Promise<Seen> => look(store, connection, scratch, trusted);
  const looseIn = ({ listing, coverage }: Seen): ListedPart[] => {
    const bad = new Set(problems.map(({ path }) => path));
    return Array.from(listing.values()).filter(
      ({ path }) => !coverage.covers(path) && !bad.has(path),
    );
  };
  let seen = await lookAgain();
  if (looseIn(seen).length > MOST_LOOSE) {
    await gatherLoose(
      store,
      looseIn(seen),
      { store, shelf: seen.shelf, packs: true, problems },
      scratch,
    );
    seen = await lookAgain();
    if (scratch.volumes.length === 0 && (await mergeVolumes(store, seen))) seen = await lookAgain();
  }
  const loose = looseIn(seen);
  if (loose.length > 0) {
    const withoutEntry: Gathering['withoutEntry'] = async (part, entry) => {
      // Where it may not be written the part is read again the next time.
      await writeEntry(store, part.path, entry).catch(() => undefined);
    };
    const gathering = { store, shelf: seen.shelf, packs: false, problems, withoutEntry };
    for await (const made of gather(loose, gathering)) scratch.keep(made);
    seen = { ...seen, ...(await coveredBy(connection, seen, scratch)) };
  }
  const bad = new Set(problems.map(({ path }) => path));
  const intact = Array.from(seen.listing.keys())
    .filter((path) => !bad.has(path))
    .sort();
  const { files, coverage, shelf, foreign } = seen;
  return { files, coverage, shelf, parts: { intact, problems: problems.sort(byPath), foreign } };
}

async function look(
  store: Store,
  connection: DuckDBConnection,
  scratch: Scratch,
  trusted: Trusted,
): Promise<Seen> {
  // First: a part that a volume has was there before it.
  const shelf = await listShelf(store);
  const listing = new Map<string, ListedPart>();
  const foreign: Problem[] = [];
  for (const [path, { bytes, version }] of await store.details(PARTS_FOLDER)) {
    if (isPartPath(path)) listing.set(path, { path, bytes, version });
    else if (isTable(path)) foreign.push(notOurs(path));
  }
  const files: CatalogFile[] = [];
  for (const id of [...shelf.volumes.keys()].sort()) {
    if (!(await isSoundVolume(store, id, shelf, trusted))) continue;
    files.push({ id, localPath: resolve(await store.localPath(volumePath(id))) });
  }
  for (const [part, details] of shelf.entries) {
    const path = entryPath(part);
    if (details.bytes < LARGE_ENTRY || !listing.has(part)) continue;
    if (!(await isSound(store, path, details, ENTRY_COLUMNS, trusted))) continue;
    files.push({ id: basename(path, '.parquet'), localPath: resolve(await store.localPath(path)) });
  }
  const seen = { shelf, listing, foreign: foreign.sort(byPath), files };
  return { ...seen, ...(await coveredBy(connection, seen, scratch)) };
}

async function coveredBy(
  connection: DuckDBConnection,
  { shelf, listing, files }: Omit<Seen, 'coverage'>,
  scratch: Scratch,
): Promise<Pick<Seen, 'files' | 'coverage'>> {
  const all = [...files.filter((file) => !scratch.volumes.includes(file)), ...scratch.volumes];
  const hasPack = (id: string): boolean => shelf.packs.has(id) || scratch.packs.has(id);
  return { files: all, coverage: await coverageOf(connection, all, listing, hasPack) };
}

/** Keeps what is gathered in the store; from the first time that this fails, for this process alone. */
async function gatherLoose(
  store: Store,
  loose: readonly ListedPart[],
  gathering: Gathering,
  scratch: Scratch,
): Promise<void> {
  let mayWrite = true;
  for await (const made of gather(loose, gathering)) {
    if (mayWrite) {
      mayWrite = await keepVolume(store, made, gathering.shelf).then(
        () => true,
        () => false,
      );
    }
    if (!mayWrite) scratch.keep(made);
  }
}

/** @returns whether anything has changed; what cannot be merged now is merged by somebody else */
async function mergeVolumes(store: Store, { shelf, coverage }: Seen): Promise<boolean> {
  let changed = false;
  try {
    for await (const { made, inputs } of merge(store, shelf, coverage)) {
      await keepVolume(store, made, shelf);
      await markReplaced(store, inputs);
      changed = true;
    }
    await sweepShelf(store, shelf, coverage);
  } catch {
    // The volumes are as good as before.
  }
  return changed;
}

function isTable(path: string): boolean {
  return path.endsWith('.parquet');
}
