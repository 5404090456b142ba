import { createHash } from 'node:crypto';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { RecordBatch } from 'apache-arrow';
import { DamagedFileError } from '../checksum.js';
import type { Problem } from '../intact-files.js';
import { encodeBatches } from '../parquet.js';
import { entryPath } from '../paths.js';
import { sideBySide } from '../side-by-side.js';
import { slicesOf } from '../slices.js';
import type { Store } from '../store.js';
import { LARGEST_FILE, requireNotLarger, UnusableFile } from '../unusable-file.js';
import { readEntry } from './entry.js';
import { ENTRY_COLUMNS, PACK_COLUMNS, readPart, type ListedPart } from './rows.js';
import type { Shelf } from './shelf.js';

/** A volume and its pack, made and not yet kept anywhere. */
export interface MadeVolume {
  readonly id: string;
  readonly volume: Uint8Array;
  /** Null where no rows are packed. */
  readonly pack: Uint8Array | null;
  /** Paths of the parts in it. */
  readonly parts: readonly string[];
}

/**
 * Parts of fewer bytes are packed. To read one takes DuckDB some five milliseconds whatever is in it; to pack one takes
 * ten times as long as to read that much of a pack.
 */
const SMALL = 65_536;

/** A slice of parts is held in memory, and decoded takes ten times as much. */
const SLICE = { items: 512, bytes: 8_000_000 };

/** Parts that are decoded before the event loop has its turn, in a hundredth of a second. */
const AT_ONCE = 4;

/** How parts are gathered. */
export interface Gathering {
  readonly store: Store;
  readonly shelf: Shelf;
  /** Whether rows of small parts are packed. */
  readonly packs: boolean;
  /** Gets what cannot be read, and why. */
  readonly problems: Problem[];
  /** Gets the parts that had no entry of use. */
  readonly withoutEntry?: (part: ListedPart, entry: readonly RecordBatch[]) => Promise<void>;
}

/** Makes volumes and packs of parts, a slice at a time. */
export async function* gather(
  parts: Iterable<ListedPart>,
  gathering: Gathering,
): AsyncGenerator<MadeVolume> {
  for (const slice of slicesOf(parts, SLICE)) {
    const entries: RecordBatch[] = [];
    const packs: RecordBatch[] = [];
    const found: ListedPart[] = [];
    for (const [index, source] of (await sourcesOf(slice, gathering)).entries()) {
      if (index % AT_ONCE === 0) await yieldToEvents();
      const read = await readSource(source, gathering);
      if (read === null) continue;
      entries.push(...read.entry);
      packs.push(...(read.pack ?? []));
      found.push(source.part);
    }
    if (found.length === 0) continue;
    const id = freeId(found, gathering.shelf);
    const pack = packs.length === 0 ? null : encodeBatches(PACK_COLUMNS, packs);
    const volume = encodeBatches(ENTRY_COLUMNS, entries);
    yield { id, volume, pack, parts: found.map(({ path }) => path) };
  }
}

/** Named by what it covers, and not as one that was replaced. */
export function freeId(
  parts: readonly ListedPart[],
  { replaced }: Pick<Shelf, 'replaced'>,
): string {
  const covered = parts.map(({ path, bytes, version }) => `${path} ${bytes} ${version}`).sort();
  for (let again = 0; ; again++) {
    const hash = createHash('sha256')
      .update([...covered, again].join('\n'))
      .digest('hex');
    const id = hash.slice(0, 32);
    if (!replaced.has(id)) return id;
  }
}

/** Bytes that say what is in a part: those of the part, or of its entry. */
interface Source {
  readonly part: ListedPart;
  readonly bytes: Uint8Array;
  readonly isEntry: boolean;
}

async function sourcesOf(
  slice: readonly ListedPart[],
  gathering: Gathering,
): Promise<readonly Source[]> {
  const sources = new Map<ListedPart, Source>();
  await sideBySide(slice, async (part) => {
    const source = await sourceOf(part, gathering);
    if (source !== null) sources.set(part, source);
  });
  return slice.flatMap((part) => sources.get(part) ?? []);
}

async function sourceOf(part: ListedPart, gathering: Gathering): Promise<Source | null> {
  const { store, shelf } = gathering;
  if (!isPacked(part, gathering) && shelf.entries.has(part.path)) {
    const bytes = await store.read(entryPath(part.path)).catch(passOver);
    if (bytes !== null) return { part, bytes, isEntry: true };
  }
  return partSource(part, gathering);
}

async function partSource(
  part: ListedPart,
  { store, problems }: Gathering,
): Promise<Source | null> {
  try {
    requireNotLarger(part.path, part.bytes, LARGEST_FILE);
    const bytes = await store.read(part.path);
    if (bytes !== null) return { part, bytes, isEntry: false };
    problems.push({ path: part.path, reason: 'the file has gone' });
    return null;
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    problems.push({ path: part.path, reason: error.reason });
    return null;
  }
}

async function readSource(
  { part, bytes, isEntry }: Source,
  gathering: Gathering,
): Promise<ReturnType<typeof readPart> | null> {
  if (isEntry) {
    const entry = entryIn(part, bytes);
    if (entry !== null) return { entry, pack: null };
    const source = await partSource(part, gathering);
    return source === null ? null : readSource(source, gathering);
  }
  try {
    const read = readPart(part, bytes, isPacked(part, gathering));
    await gathering.withoutEntry?.(part, read.entry);
    return read;
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    gathering.problems.push({ path: part.path, reason: error.reason });
    return null;
  }
}

/** A damaged entry is none: the part is read, and the next volume has it. */
function entryIn(part: ListedPart, bytes: Uint8Array): readonly RecordBatch[] | null {
  try {
    return readEntry(part, bytes);
  } catch (error) {
    if (error instanceof DamagedFileError) return null;
    throw error;
  }
}

function isPacked({ bytes }: ListedPart, { packs }: Gathering): boolean {
  return packs && bytes < SMALL;
}

function passOver(error: unknown): null {
  if (error instanceof UnusableFile) return null;
  throw error;
}
