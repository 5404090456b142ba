import { createHash } from 'node:crypto';
import {
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
} from 'apache-arrow';
import type { ReaderOptions } from 'parquet-wasm/node';
import {
  arrowData,
  arrowField,
  plainValues,
  type ColumnShape,
  type ColumnValue,
} from './arrow-values.js';
import { BLANK_DIGEST, damage, DamagedFileError, OtherColumnsError, stamp } from './checksum.js';
import { layoutOf, UNKNOWN_COLUMNS } from './layout/layout.js';
import { parquetCodec } from './parquet-codec.js';
import { findSeal, SEAL_KEY, sealText } from './seal.js';

/**
 * A sealed Parquet file; see `seal.ts`. Equal values give equal bytes.
 *
 * @param shapes The columns, which a file without rows has as well.
 * @param groups The row groups: of each column of `shapes` the values, of equal length.
 */
export function encodeParquet(
  shapes: readonly ColumnShape[],
  groups: readonly (readonly (readonly ColumnValue[])[])[],
): Uint8Array {
  const {
    Compression,
    Table: ParquetTable,
    writeParquet,
    WriterPropertiesBuilder,
  } = parquetCodec();
  const schema = new Schema(shapes.map(arrowField));
  const batches = groups.map((columns) => recordBatch(schema, shapes, columns));
  const seal = {
    digest: BLANK_DIGEST,
    columns: fingerprint(shapes),
    rowGroups: groups.length,
  };
  let properties = new WriterPropertiesBuilder()
    .setCompression(Compression.SNAPPY)
    // Of numbers and distinct texts a dictionary takes twice the time of writing them, and saves next to nothing.
    .setDictionaryEnabled(false)
    // A row group ends when it is above this size, which the writer looks at between record batches only:
    // so every record batch becomes a row group of its own, whatever its length.
    .setMaxRowGroupBytes(1)
    .setKeyValueMetadata(new Map([[SEAL_KEY, sealText(seal)]]));
  for (const { name } of shapes.filter(repeats)) {
    properties = properties.setColumnDictionaryEnabled(name, true);
  }
  const table = tableToIPC(new Table(schema, batches), 'stream');
  return stamp(writeParquet(ParquetTable.fromIPCStream(table), properties.build()));
}

/** Why a file cannot be used, and what is not to blame. */
export interface Fault {
  /** In words. */
  readonly reason: string;
  /** Whether nothing but its columns keeps it from being read: another version of this program may have written it so. */
  readonly isOtherVersion: boolean;
}

/**
 * Why a file cannot be used, in words: a byte is not as it was written, it is laid out so that a reader might stumble, or
 * its columns do not fit. Null when nothing is wrong. Decodes no values.
 *
 * Columns are additive: a file may lack any that may be null, and may have more.
 */
export function unreadable(bytes: Uint8Array, shapes: readonly ColumnShape[]): string | null {
  return examine(bytes, shapes).fault?.reason ?? null;
}

/** As `unreadable`, with the columns that the file has where it can be read. */
export function examine(
  bytes: Uint8Array,
  shapes: readonly ColumnShape[],
): { readonly fault: Fault | null; readonly columns: readonly ColumnShape[] } {
  const wrong = (reason: string, isOtherVersion = false) => ({
    fault: { reason, isOtherVersion },
    columns: [],
  });
  const reason = damage(bytes);
  if (reason !== null) return wrong(reason);
  const seal = findSeal(bytes)!;
  const { fault, columns } = layoutOf(bytes, seal.rowGroups);
  if (fault !== null) return wrong(fault, fault === UNKNOWN_COLUMNS);
  if (seal.columns !== fingerprint(columns)) {
    return wrong('its columns are not those that it says it has');
  }
  if (!shapes.every((shape) => fits(shape, columns))) {
    return wrong('its columns are those of another version of this program', true);
  }
  return { fault: null, columns };
}

/** Whether a column can be read from a file with these columns, be it as nothing but nulls. */
function fits({ name, type, nullable }: ColumnShape, columns: readonly ColumnShape[]): boolean {
  const found = columns.find((column) => column.name === name);
  return found === undefined ? nullable : found.type === type && (nullable || !found.nullable);
}

/** Which rows and columns of a file to read. All by default. */
export interface Selection {
  /** A row group that is not there has no rows. */
  readonly rowGroup?: number;
  readonly columns?: readonly string[];
}

/**
 * The rows of a file.
 *
 * @throws DamagedFileError See `unreadable`; OtherColumnsError where a version of this program may have written it.
 */
export function decodeParquet(
  bytes: Uint8Array,
  shapes: readonly ColumnShape[],
  { rowGroup, columns }: Selection = {},
): Record<string, ColumnValue>[] {
  const examined = examine(bytes, shapes);
  if (examined.fault !== null) {
    const { reason, isOtherVersion } = examined.fault;
    throw isOtherVersion ? new OtherColumnsError(reason) : new DamagedFileError(reason);
  }
  // The reader ends the process for a row group that is not there.
  if (rowGroup !== undefined && rowGroup >= findSeal(bytes)!.rowGroups) return [];
  const there = new Set(examined.columns.map(({ name }) => name));
  const selected = shapes.filter(({ name }) => columns?.includes(name) ?? true);
  return decodedRows(bytes, selected, {
    columns: selected.flatMap(({ name }) => (there.has(name) ? [name] : [])),
    ...(rowGroup !== undefined && { rowGroups: [rowGroup] }),
  });
}

/** Whether a column is of words that come again and again, as those for a status or a device do. */
function repeats({ type, distinct }: ColumnShape): boolean {
  return type === 'utf8' && distinct === undefined;
}

/**
 * @throws DamagedFileError for pages that no reader understands and for values that nobody writes, as an instant beyond
 *   all years, which only a forged seal can hide
 */
function decodedRows(
  bytes: Uint8Array,
  selected: readonly ColumnShape[],
  options: ReaderOptions,
): Record<string, ColumnValue>[] {
  const { readParquet } = parquetCodec();
  try {
    const table = tableFromIPC(readParquet(bytes, options).intoIPCStream());
    const rows = Array.from({ length: table.numRows }, (): Record<string, ColumnValue> => ({}));
    for (const { name, type } of selected) {
      const column = table.getChild(name);
      const values = column === null ? rows.map(() => null) : plainValues(type, column);
      values.forEach((value, row) => (rows[row]![name] = value));
    }
    return rows;
  } catch (error) {
    throw new DamagedFileError(`its pages cannot be decoded (${String(error)})`);
  }
}

function recordBatch(
  schema: Schema,
  shapes: readonly ColumnShape[],
  columns: readonly (readonly ColumnValue[])[],
): RecordBatch {
  const children = shapes.map(({ type }, index) => arrowData(type, columns[index]!));
  const length = columns[0]?.length ?? 0;
  const struct = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type: struct, length, nullCount: 0, children }));
}

/** Tells sets of columns apart, so that a file has those that its writer sealed. */
export function fingerprint(shapes: readonly ColumnShape[]): string {
  const text = JSON.stringify(shapes.map(({ name, type, nullable }) => [name, type, nullable]));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
