import { COLUMNS, type ColumnName, type ResultRow } from './columns.js';
import { decodeParquet, encodeParquet } from './parquet.js';
import type { Row } from './row.js';
import { storedValues } from './stored-values.js';
import type { Status } from '../ufm/solution.js';

const STATUS = COLUMNS.findIndex(({ name }) => name === 'status');

/**
 * The part of a shard: a sealed Parquet file with the columns of `COLUMNS`, in one row group. Equal rows give equal
 * bytes. A row holds what can be stored of its point: see `storedValues`.
 *
 * @throws Error when there are no rows, or a row lacks what says which point it is.
 */
export function encodePart(rows: readonly Row[]): Uint8Array {
  return encodeRows(rows).bytes;
}

/** As `encodePart`, with the status that each row has in the part. */
export function encodeRows(rows: readonly Row[]): {
  readonly bytes: Uint8Array;
  readonly statuses: readonly Status[];
} {
  if (rows.length === 0) throw new Error('a part needs at least one row');
  const stored = rows.map(storedValues);
  const values = COLUMNS.map((_, column) => stored.map((row) => row[column]!));
  const statuses = values[STATUS] as readonly Status[];
  return { bytes: encodeParquet(COLUMNS, [values]), statuses };
}

/**
 * The rows of a part.
 *
 * @throws DamagedFileError when a byte is not as it was written, or the columns cannot be read; see `decodeParquet`.
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
