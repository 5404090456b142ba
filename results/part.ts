import type { ColumnValue } from './arrow-values.js';
import { COLUMNS, type ColumnName, type ResultRow } from './columns.js';
import type { Column } from './columns/column.js';
import { decodeParquet, encodeParquet } from './parquet.js';
import type { Row } from './row.js';

/**
 * The part of a shard: a sealed Parquet file with the columns of `COLUMNS`, in one row group. Equal rows give equal
 * bytes.
 *
 * @throws Error when there are no rows, or a number of a point that did not diverge is not finite. What a diverged
 *   point has of such numbers is null in the part.
 */
export function encodePart(rows: readonly Row[]): Uint8Array {
  if (rows.length === 0) throw new Error('a part needs at least one row');
  const columns: readonly Column[] = COLUMNS;
  const values = columns.map((column) => rows.map((row) => finite(column, row, column.of(row))));
  return encodeParquet(COLUMNS, [values]);
}

/**
 * The rows of a part.
 *
 * @throws DamagedFileError when a byte is not as it was written, or the columns are of another version.
 */
export function decodePart(bytes: Uint8Array): ResultRow[] {
  return decodeParquet(bytes, COLUMNS) as unknown as ResultRow[];
}

/** The rows of a part, with the columns named. Throws as `decodePart` does. */
export function decodeColumns<Name extends ColumnName>(
  bytes: Uint8Array,
  columns: readonly Name[],
): Pick<ResultRow, Name>[] {
  return decodeParquet(bytes, COLUMNS, { columns }) as unknown as Pick<ResultRow, Name>[];
}

/** Readers treat NaN and infinity each in its own way, so none reaches a file. */
function finite(column: Column, row: Row, value: ColumnValue): ColumnValue {
  if (Array.isArray(value)) {
    const items = value as readonly ColumnValue[];
    if (items.every(isStorable)) return value as ColumnValue;
    return items.map((item) => finite(column, row, item)) as ColumnValue;
  }
  if (isStorable(value)) return value;
  if (row.solution.status === 'diverged' && column.nullable) return null;
  throw new Error(`point ${row.key}: ${column.name} is ${String(value)}, which no column may hold`);
}

function isStorable(value: ColumnValue): boolean {
  return typeof value !== 'number' || Number.isFinite(value);
}
