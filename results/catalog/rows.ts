import type { RecordBatch } from 'apache-arrow';
import type { ColumnShape, ColumnValue } from '../arrow-values.js';
import { COLUMNS, type ColumnName } from '../columns.js';
import { fingerprint, readBatches, recordBatch, sideBySide, valuesOf } from '../parquet.js';
import type { FileDetails } from '../store.js';

/** A part as a listing shows it. */
export interface ListedPart extends Pick<FileDetails, 'bytes' | 'version'> {
  readonly path: string;
}

/** The columns of entries and volumes, one row a row of a part: what planning and look-ups need. */
export const ENTRY_COLUMNS = [
  { name: 'part', type: 'utf8', nullable: false },
  /** Of the part when it was read: an entry counts for the part that a listing shows with the same two. */
  { name: 'part_bytes', type: 'int64', nullable: false },
  { name: 'part_version', type: 'utf8', nullable: false },
  /** Fingerprint of its columns. */
  { name: 'part_columns', type: 'utf8', nullable: false },
  /** Whether the pack of the same name has its rows. */
  { name: 'packed', type: 'bool', nullable: false },
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
  const print = fingerprint(columns);
  let row = 0;
  const entry: RecordBatch[] = [];
  const pack: RecordBatch[] = [];
  for (const batch of batches) {
    const { numRows } = batch;
    const rows = Array.from({ length: numRows }, (_, index) => row + index);
    const all = (value: ColumnValue): ColumnValue[] => rows.map(() => value);
    const clusters = valuesOf(batch, shapeOf('cluster_classes')) as number[][];
    entry.push(
      recordBatch(ENTRY_COLUMNS, [
        all(part.path),
        all(part.bytes),
        all(part.version),
        all(print),
        all(packed),
        rows,
        ...COPIED.map((name) => valuesOf(batch, shapeOf(name))),
        clusters.map(({ length }) => length),
        valuesOf(batch, shapeOf('seconds')),
      ]),
    );
    if (packed) pack.push(withOrigin(batch, part.path, rows));
    row += numRows;
  }
  return { entry, pack: packed ? pack : null };
}

function withOrigin(batch: RecordBatch, part: string, rows: number[]): RecordBatch {
  const origin = recordBatch(PACK_COLUMNS.slice(0, 2), [rows.map(() => part), rows]);
  return sideBySide(PACK_COLUMNS, origin, batch);
}
