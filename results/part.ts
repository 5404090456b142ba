import { factsOf } from './catalog/rows.js';
import { COLUMNS, type ColumnName, type ResultRow } from './columns.js';
import { decodeParquet, encodeGroups, packBatch, recordBatch } from './parquet.js';
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

/** A part, and what is known of it without reading it. */
export interface EncodedPart {
  readonly bytes: Uint8Array;
  /** That each row has in the part. */
  readonly statuses: readonly Status[];
  /** What its entry in the catalog says of the rows; see `publishEntry`. */
  readonly facts: Uint8Array;
}

/** As `encodePart`, with what is known of the part. */
export function encodeRows(rows: readonly Row[]): EncodedPart {
  if (rows.length === 0) throw new Error('a part needs at least one row');
  const stored = rows.map(storedValues);
  const values = COLUMNS.map((_, column) => stored.map((row) => row[column]!));
  const batch = recordBatch(COLUMNS, values);
  return {
    bytes: encodeGroups(COLUMNS, [batch]),
    statuses: values[STATUS] as readonly Status[],
    facts: packBatch(factsOf(batch)),
  };
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
