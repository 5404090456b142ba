import type { RecordBatch } from 'apache-arrow';
import type { ColumnShape } from '../arrow-values.js';
import { DamagedFileError } from '../checksum.js';
import { encodeBatches, readBatches, valuesOf } from '../parquet.js';
import { packPath, volumePath } from '../paths.js';
import { slicesOf } from '../slices.js';
import type { Store } from '../store.js';
import type { Coverage } from './coverage.js';
import { freeId, type MadeVolume } from './gather.js';
import { ENTRY_COLUMNS, PACK_COLUMNS } from './rows.js';
import type { Shelf } from './shelf.js';

/** Volumes of one tier are merged when there are so many of them; the next tier begins at so many times the bytes. */
const FAN_IN = 4;

/** The first tier ends here. */
const FIRST_TIER = 65_536;

/** Bytes of a volume and its pack beyond which it stays as it is: merging holds all of it in memory, decoded. */
const LARGEST = 8_000_000;

/** Volumes that were merged into another one. */
export interface Merged {
  readonly made: MadeVolume;
  readonly inputs: readonly string[];
}

/**
 * Merges volumes of about equal size, so that their number grows as the logarithm of the store, but for those that are
 * too large to be merged. What they have of parts that have gone, or twice, is left out.
 */
export async function* merge(
  store: Store,
  shelf: Shelf,
  coverage: Coverage,
): AsyncGenerator<Merged> {
  for (const ids of tiersOf(shelf)) {
    const entries: RecordBatch[] = [];
    const packs: RecordBatch[] = [];
    const inputs: string[] = [];
    for (const id of ids) {
      const input = await readVolume(store, id, shelf, coverage);
      if (input === null) continue;
      entries.push(...input.entries);
      packs.push(...input.packs);
      inputs.push(id);
    }
    const parts = coverage.partsOf(inputs);
    if (inputs.length < 2 || parts.length === 0) continue;
    const made = {
      id: freeId(parts, shelf),
      volume: encodeBatches(ENTRY_COLUMNS, entries),
      pack: packs.length === 0 ? null : encodeBatches(PACK_COLUMNS, packs),
      parts: parts.map(({ path }) => path),
    };
    yield { made, inputs: inputs.filter((id) => id !== made.id) };
  }
}

/** Volumes that are merged, each list into one. */
function tiersOf(shelf: Shelf): string[][] {
  const tiers = new Map<number, { id: string; bytes: number }[]>();
  for (const [id, { bytes: own }] of shelf.volumes) {
    const bytes = own + (shelf.packs.get(id)?.bytes ?? 0);
    if (bytes > LARGEST / 2) continue;
    const tier = Math.max(0, Math.ceil(Math.log(bytes / FIRST_TIER) / Math.log(FAN_IN)));
    tiers.set(tier, [...(tiers.get(tier) ?? []), { id, bytes }]);
  }
  return [...tiers.values()].flatMap((volumes) => {
    if (volumes.length < FAN_IN) return [];
    const groups = slicesOf(volumes, { items: Infinity, bytes: LARGEST });
    return Array.from(groups, (group) => group.map(({ id }) => id));
  });
}

/** What counts in a volume and its pack; null where a later version has written more than can be read here. */
async function readVolume(
  store: Store,
  id: string,
  shelf: Shelf,
  coverage: Coverage,
): Promise<{ entries: readonly RecordBatch[]; packs: readonly RecordBatch[] } | null> {
  const keeps = (part: string): boolean => !coverage.isPassedOver(id, part);
  const counts = coverage.counting.get(id);
  if (counts === undefined && !coverage.passedOver.has(id)) return null;
  const entries = await readCounting(store, volumePath(id), ENTRY_COLUMNS, keeps);
  if (entries === null) return null;
  if ((counts?.packed ?? 0) === 0) return { entries, packs: [] };
  const packs = shelf.packs.has(id)
    ? await readCounting(store, packPath(id), PACK_COLUMNS, keeps)
    : null;
  return packs === null ? null : { entries, packs };
}

async function readCounting(
  store: Store,
  path: string,
  shapes: readonly ColumnShape[],
  keeps: (part: string) => boolean,
): Promise<readonly RecordBatch[] | null> {
  const bytes = await store.read(path);
  if (bytes === null) return null;
  try {
    const { columns, batches } = readBatches(bytes, shapes);
    const isOurs = columns.every(({ name }) => shapes.some((shape) => shape.name === name));
    return isOurs ? batches.flatMap((batch) => runsOf(batch, shapes, keeps)) : null;
  } catch (error) {
    if (error instanceof DamagedFileError) return null;
    throw error;
  }
}

/** The rows of parts that are kept, in as few pieces as there are gaps between them. */
function runsOf(
  batch: RecordBatch,
  shapes: readonly ColumnShape[],
  keeps: (part: string) => boolean,
): RecordBatch[] {
  const shape = shapes.find(({ name }) => name === 'part')!;
  const kept = (valuesOf(batch, shape) as string[]).map(keeps);
  if (kept.every(Boolean)) return [batch];
  const runs: RecordBatch[] = [];
  let start = 0;
  kept.forEach((isKept, row) => {
    if (!isKept) start = row + 1;
    else if (!kept[row + 1]) runs.push(batch.slice(start, row + 1));
  });
  return runs;
}
