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
import { BLANK_DIGEST, damage, DamagedFileError, stamp } from './checksum.js';
import { wrongLayout } from './layout/layout.js';
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

/**
 * Why a file cannot be used, in words: a byte is not as it was written, the columns are of another version of this
 * program, or it is laid out so that a reader might stumble. Null when nothing is wrong. Decodes no values.
 */
export function unreadable(bytes: Uint8Array, shapes: readonly ColumnShape[]): string | null {
  const reason = damage(bytes);
  if (reason !== null) return reason;
  const { columns, rowGroups } = findSeal(bytes)!;
  if (columns !== fingerprint(shapes)) {
    return 'its columns are those of another version of this program';
  }
  return wrongLayout(bytes, shapes, rowGroups);
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
 * @throws DamagedFileError See `unreadable`.
 */
export function decodeParquet(
  bytes: Uint8Array,
  shapes: readonly ColumnShape[],
  { rowGroup, columns }: Selection = {},
): Record<string, ColumnValue>[] {
  const reason = unreadable(bytes, shapes);
  if (reason !== null) throw new DamagedFileError(reason);
  // The reader ends the process for a row group that is not there.
  if (rowGroup !== undefined && rowGroup >= findSeal(bytes)!.rowGroups) return [];
  const selected = shapes.filter(({ name }) => columns?.includes(name) ?? true);
  return decodedRows(bytes, selected, {
    columns: selected.map(({ name }) => name),
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
      plainValues(type, table.getChild(name)!).forEach((value, row) => (rows[row]![name] = value));
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

/** Tells sets of columns apart: readers that unite files would widen or drop what does not fit, silently. */
function fingerprint(shapes: readonly ColumnShape[]): string {
  const text = JSON.stringify(shapes.map(({ name, type, nullable }) => [name, type, nullable]));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
