import type { Data, RecordBatch } from 'apache-arrow';
import type { ColumnShape, ColumnValue } from '../arrow-values.js';
import { COLUMNS, type ColumnName } from '../columns.js';
import { fingerprint, readBatches, recordBatch, sideBySide } from '../parquet.js';
import type { FileDetails } from '../store.js';

/** A part as a listing shows it. */
export interface ListedPart extends Pick<FileDetails, 'bytes' | 'version'> {
  readonly path: string;
}

/** Of entries, what says which part a row is of. */
const ORIGIN = [
  { name: 'part', type: 'utf8', nullable: false },
  /** Of the part when it was read: an entry counts for the part that a listing shows with the same two. */
  { name: 'part_bytes', type: 'int64', nullable: false },
  { name: 'part_version', type: 'utf8', nullable: false },
  /** Fingerprint of its columns. */
  { name: 'part_columns', type: 'utf8', nullable: false },
  /** Whether the pack of the same name has its rows. */
  { name: 'packed', type: 'bool', nullable: false },
] as const satisfies readonly ColumnShape[];

/** Of entries, what planning and look-ups need of a row. */
const FACTS = [
  /** Of the part, from 0. */
  { name: 'row', type: 'int32', nullable: false },
  { name: 'point_key', type: 'utf8', nullable: false, distinct: true },
  { name: 'status', type: 'utf8', nullable: false },
  { name: 'solved_at', type: 'timestamp', nullable: false },
  { name: 'numerical_version', type: 'int32', nullable: false },
  { name: 'solver', type: 'utf8', nullable: false },
  { name: 'tolerance', type: 'float64', nullable: false },
  { name: 'polish', type: 'bool', nullable: false },
  { name: 'form', type: 'utf8', nullable: false },
  { name: 'classes', type: 'int32', nullable: false },
  /** How many clusters the instance has. */
  { name: 'clusters', type: 'int32', nullable: false },
  { name: 'seconds', type: 'float64', nullable: false },
] as const satisfies readonly ColumnShape[];

/** The columns of entries and volumes, one row a row of a part. */
export const ENTRY_COLUMNS = [...ORIGIN, ...FACTS] as const;

/** The columns of packs: those of a part, and where a row comes from. */
export const PACK_COLUMNS: readonly ColumnShape[] = [
  { name: 'part', type: 'utf8', nullable: false },
  { name: 'row', type: 'int32', nullable: false },
  ...COLUMNS,
];

const OWN_COLUMNS = fingerprint(COLUMNS);

/** Whether a part has the columns that this version writes, and no others. */
export function hasOwnColumns(columns: string): boolean {
  return columns === OWN_COLUMNS;
}

const COPIED = [
  'point_key',
  'status',
  'solved_at',
  'numerical_version',
  'solver',
  'tolerance',
  'polish',
  'form',
  'classes',
] as const satisfies readonly ColumnName[];

const shapeOf = (name: ColumnName): ColumnShape => COLUMNS.find((column) => column.name === name)!;

const READ = [...COPIED, 'cluster_classes', 'seconds'].map((name) => shapeOf(name as ColumnName));

/** What the catalog says of a part, in Arrow's memory layout. */
export interface ReadPart {
  readonly entry: readonly RecordBatch[];
  /** Null where its rows are not wanted, or it has columns that would be lost. */
  readonly pack: readonly RecordBatch[] | null;
}

/**
 * Reads what the catalog needs of a part.
 *
 * @param wantsPack whether its rows are to be packed
 * @throws DamagedFileError when it cannot be read
 */
export function readPart(part: ListedPart, bytes: Uint8Array, wantsPack: boolean): ReadPart {
  const { columns, batches } = readBatches(bytes, wantsPack ? COLUMNS : READ);
  // A pack of this version holds nothing that only a later one knows.
  const packed =
    wantsPack && columns.every(({ name }) => COLUMNS.some((column) => column.name === name));
  let first = 0;
  const entry: RecordBatch[] = [];
  const pack: RecordBatch[] = [];
  for (const batch of batches) {
    const facts = factsOf(batch, first);
    entry.push(entryOf(part, facts, { print: fingerprint(columns), packed }));
    if (packed) pack.push(withOrigin(batch, part.path, facts));
    first += batch.numRows;
  }
  return { entry, pack: packed ? pack : null };
}

/**
 * What an entry says of rows, which is all of it but of which part they are.
 *
 * @param rows with the columns of a part
 * @param first number of the first of them in the part
 */
export function factsOf(rows: RecordBatch, first = 0): RecordBatch {
  const numbers = Array.from({ length: rows.numRows }, (_, index) => first + index);
  const column = (name: ColumnName) => rows.getChild(name)!.data[0] as Data;
  const ends = column('cluster_classes').valueOffsets as Int32Array;
  return recordBatch(FACTS, [
    numbers,
    ...COPIED.map(column),
    numbers.map((_, index) => ends[index + 1]! - ends[index]!),
    column('seconds'),
  ]);
}

/** @param of the fingerprint of the columns of the part, and whether its rows are in the pack */
export function entryOf(
  { path, bytes, version }: ListedPart,
  facts: RecordBatch,
  { print, packed }: { readonly print: string; readonly packed: boolean } = OWN,
): RecordBatch {
  const all = (value: ColumnValue): ColumnValue[] =>
    new Array<ColumnValue>(facts.numRows).fill(value);
  const origin = [path, bytes, version, print, packed].map(all);
  return sideBySide(ENTRY_COLUMNS, recordBatch(ORIGIN, origin), facts);
}

/** Of a part that this version has just written. */
const OWN = { print: OWN_COLUMNS, packed: false };

function withOrigin(batch: RecordBatch, part: string, facts: RecordBatch): RecordBatch {
  const parts = new Array<string>(batch.numRows).fill(part);
  const origin = recordBatch(PACK_COLUMNS.slice(0, 2), [parts, facts.getChild('row')!.data[0]!]);
  return sideBySide(PACK_COLUMNS, origin, batch);
}
