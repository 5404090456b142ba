import { createHash } from 'node:crypto';
import {
  Data,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
} from 'apache-arrow';
import type { ReaderOptions, WriterPropertiesBuilder } from 'parquet-wasm/node';
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
  return encodeGroups(
    shapes,
    groups.map((columns) => recordBatch(shapes, columns)),
  );
}

/**
 * The same of rows in Arrow's memory layout.
 *
 * @param groups The row groups, of `recordBatch`.
 */
export function encodeGroups(
  shapes: readonly ColumnShape[],
  groups: readonly RecordBatch[],
): Uint8Array {
  // A row group ends when it is above this size, which the writer looks at between record batches only:
  // so every record batch becomes a row group of its own, whatever its length.
  return sealedFile(shapes, groups, groups.length, (properties) =>
    properties.setMaxRowGroupBytes(1),
  );
}

/**
 * The same, in row groups of up to `ROWS_PER_GROUP`.
 *
 * @param batches of `recordBatch` and `readBatches`
 */
export function encodeBatches(
  shapes: readonly ColumnShape[],
  batches: readonly RecordBatch[],
): Uint8Array {
  const rows = batches.reduce((sum, { numRows }) => sum + numRows, 0);
  return sealedFile(shapes, batches, Math.ceil(rows / ROWS_PER_GROUP), (properties) =>
    properties.setMaxRowGroupSize(ROWS_PER_GROUP),
  );
}

const ROWS_PER_GROUP = 16_384;

function sealedFile(
  shapes: readonly ColumnShape[],
  batches: readonly RecordBatch[],
  rowGroups: number,
  grouped: (properties: WriterPropertiesBuilder) => WriterPropertiesBuilder,
): Uint8Array {
  const codec = parquetCodec();
  const seal = { digest: BLANK_DIGEST, columns: fingerprint(shapes), rowGroups };
  let properties = new codec.WriterPropertiesBuilder()
    .setCompression(codec.Compression.SNAPPY)
    // Of numbers and distinct texts a dictionary takes twice the time of writing them, and saves next to nothing.
    .setDictionaryEnabled(false)
    .setKeyValueMetadata(new Map([[SEAL_KEY, sealText(seal)]]));
  properties = grouped(properties);
  for (const { name } of shapes.filter(repeats)) {
    properties = properties.setColumnDictionaryEnabled(name, true);
  }
  const table = tableToIPC(new Table(schemaOf(shapes), [...batches]), 'stream');
  return stamp(codec.writeParquet(codec.Table.fromIPCStream(table), properties.build()));
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
  const there = new Set(readableColumns(bytes, shapes).map(({ name }) => name));
  // The reader ends the process for a row group that is not there.
  if (rowGroup !== undefined && rowGroup >= findSeal(bytes)!.rowGroups) return [];
  const selected = shapes.filter(({ name }) => columns?.includes(name) ?? true);
  return decodedRows(bytes, selected, {
    columns: selected.flatMap(({ name }) => (there.has(name) ? [name] : [])),
    ...(rowGroup !== undefined && { rowGroups: [rowGroup] }),
  });
}

/**
 * The rows of a file in Arrow's memory layout, with all of these columns, and the columns that the file has.
 *
 * @throws as `decodeParquet`
 */
export function readBatches(
  bytes: Uint8Array,
  shapes: readonly ColumnShape[],
): { readonly columns: readonly ColumnShape[]; readonly batches: readonly RecordBatch[] } {
  const columns = readableColumns(bytes, shapes);
  const there = new Set(columns.map(({ name }) => name));
  const options = { columns: shapes.flatMap(({ name }) => (there.has(name) ? [name] : [])) };
  const batches = decodedTable(bytes, options, (table) =>
    table.batches.map((batch) => {
      const children = shapes.map(
        ({ name, type }) =>
          batch.getChild(name)?.data[0] ??
          arrowData(
            type,
            Array.from({ length: batch.numRows }, () => null),
          ),
      );
      return batchOf(shapes, batch.numRows, children);
    }),
  );
  return { columns, batches };
}

/** Rows in Arrow's memory layout, as bytes that another thread can be sent; see `unpackBatches`. */
export function packBatch(batch: RecordBatch): Uint8Array {
  return tableToIPC(new Table(batch.schema, [batch]), 'stream');
}

/** What `packBatch` has made bytes of; none of no bytes. */
export function unpackBatches(bytes: Uint8Array): readonly RecordBatch[] {
  return tableFromIPC(bytes).batches;
}

/** The columns of two batches of as many rows, side by side. */
export function sideBySide(
  shapes: readonly ColumnShape[],
  left: RecordBatch,
  right: RecordBatch,
): RecordBatch {
  return batchOf(shapes, left.numRows, [...left.data.children, ...right.data.children]);
}

/** Rows in Arrow's memory layout: of each column the values, or what holds them already, of equal length. */
export function recordBatch(
  shapes: readonly ColumnShape[],
  columns: readonly (readonly ColumnValue[] | Data)[],
): RecordBatch {
  const children = shapes.map(({ type }, index) => {
    const column = columns[index]!;
    return column instanceof Data ? column : arrowData(type, column);
  });
  return batchOf(shapes, columns[0]?.length ?? 0, children);
}

/** Of a batch the column of this name, as JavaScript has it. */
export function valuesOf(batch: RecordBatch, { name, type }: ColumnShape): ColumnValue[] {
  return plainValues(type, batch.getChild(name)!);
}

/** Whether a column is of words that come again and again, as those for a status or a device do. */
function repeats({ type, distinct }: ColumnShape): boolean {
  return type === 'utf8' && distinct === undefined;
}

/** The columns of a file that can be read. */
function readableColumns(
  bytes: Uint8Array,
  shapes: readonly ColumnShape[],
): readonly ColumnShape[] {
  const { fault, columns } = examine(bytes, shapes);
  if (fault === null) return columns;
  throw fault.isOtherVersion
    ? new OtherColumnsError(fault.reason)
    : new DamagedFileError(fault.reason);
}

function decodedRows(
  bytes: Uint8Array,
  selected: readonly ColumnShape[],
  options: ReaderOptions,
): Record<string, ColumnValue>[] {
  return decodedTable(bytes, options, (table) => {
    const rows = Array.from({ length: table.numRows }, (): Record<string, ColumnValue> => ({}));
    for (const { name, type } of selected) {
      const column = table.getChild(name);
      const values = column === null ? rows.map(() => null) : plainValues(type, column);
      values.forEach((value, row) => (rows[row]![name] = value));
    }
    return rows;
  });
}

/**
 * @throws DamagedFileError for pages that no reader understands and for values that nobody writes, as an instant beyond
 *   all years, which only a forged seal can hide
 */
function decodedTable<T>(bytes: Uint8Array, options: ReaderOptions, take: (table: Table) => T): T {
  const { readParquet } = parquetCodec();
  try {
    return take(tableFromIPC(readParquet(bytes, options).intoIPCStream()));
  } catch (error) {
    throw new DamagedFileError(`its pages cannot be decoded (${String(error)})`);
  }
}

function schemaOf(shapes: readonly ColumnShape[]): Schema {
  return new Schema(shapes.map(arrowField));
}

function batchOf(
  shapes: readonly ColumnShape[],
  length: number,
  children: readonly Data[],
): RecordBatch {
  const schema = schemaOf(shapes);
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length, nullCount: 0, children: [...children] }));
}

/** Tells sets of columns apart, so that a file has those that its writer sealed. */
export function fingerprint(shapes: readonly ColumnShape[]): string {
  const text = JSON.stringify(shapes.map(({ name, type, nullable }) => [name, type, nullable]));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
