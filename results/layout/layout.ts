import type { ColumnShape } from '../arrow-values.js';
import { readChunk } from './chunk.js';
import { leavesOf, shapesOf } from './schema.js';
import { ThriftReader } from './thrift.js';

/** The most rows of a file: eight shards of 100,000 points and what has landed are fewer. */
const MOST_ROWS = 1_000_000;

/** The most bytes that a file may come to when it is decoded. A shard of 100,000 points takes a tenth. */
const MOST_BYTES = 1_000_000_000;

/** The most bytes of a footer. That of a part of a hundred thousand points takes a hundredth. */
const LARGEST_FOOTER = 4_000_000;

const MAGIC = 'PAR1';

/** How a Parquet file is laid out: its columns, or why no reader may see it. */
export type Layout =
  | { readonly fault: null; readonly columns: readonly ColumnShape[] }
  | { readonly fault: string; readonly columns: null };

/** What a later version may have added; nothing here can follow it. */
export const UNKNOWN_COLUMNS = 'it has columns of a kind that is not known here';

/**
 * Follows the footer of a Parquet file and the headers of its pages. A seal keeps accidents away, and not people: whoever
 * can write into the store can seal anything. So before a reader decodes a file it is known here that every offset lies in
 * the file, that every count agrees with the others, and that what it all comes to fits into memory. Decodes no values.
 */
export function layoutOf(bytes: Uint8Array, rowGroups: number): Layout {
  try {
    const columns = followed(bytes, rowGroups);
    if (typeof columns === 'string') return { fault: columns, columns: null };
    return { fault: null, columns };
  } catch {
    // Whatever stumbles over it would stumble in a reader as well.
    return { fault: 'its footer and its pages contradict each other', columns: null };
  }
}

/** The columns, or what makes the file one that this program cannot have written, in words. */
function followed(bytes: Uint8Array, rowGroups: number): readonly ColumnShape[] | string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const tail = buffer.length - 8;
  const isFramed =
    buffer.toString('latin1', 0, 4) === MAGIC && buffer.toString('latin1', tail + 4) === MAGIC;
  if (tail < 4 || !isFramed) return 'it is no Parquet file';
  const length = buffer.readUInt32LE(tail);
  if (length > Math.min(tail - 4, LARGEST_FOOTER)) {
    return `its footer claims ${length} bytes of ${bytes.length}`;
  }
  const start = tail - length;
  const reader = new ThriftReader(bytes, start, tail);
  const footer = reader.struct();
  if (reader.offset !== tail) return 'its footer does not end where it should';
  if (footer.has(8) || footer.has(9)) return 'it is encrypted';
  const shapes = shapesOf(footer.structs(2));
  if (shapes === null) return UNKNOWN_COLUMNS;

  const groups = footer.structs(4);
  const rows = groups.map((group) => group.number(3));
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (
    groups.length !== rowGroups ||
    total !== footer.number(3) ||
    rows.some((count) => count < 0)
  ) {
    return 'its row groups are not those that it says it has';
  }
  if (total > MOST_ROWS) return `it claims ${total} rows, above ${MOST_ROWS}`;

  const leaves = leavesOf(shapes);
  let decoded = 0;
  for (const [index, group] of groups.entries()) {
    const columns = group.structs(1);
    if (columns.length !== leaves.length) return 'a row group has other columns than the file';
    for (const [position, leaf] of leaves.entries()) {
      const room = MOST_BYTES - decoded;
      const chunk = readChunk(bytes, columns[position]!, leaf, start, room);
      const { values, longestText } = chunk;
      if (leaf.repeated ? values < rows[index]! : values !== rows[index]!) {
        return `the column ${shapes[position]!.name} has another number of values than of rows`;
      }
      // A value takes up to eight bytes and the levels of a list.
      decoded += Math.max(chunk.bytes, values * 16) + values * longestText;
      if (decoded > MOST_BYTES) return `it would take more than ${MOST_BYTES} bytes of memory`;
    }
  }
  return shapes;
}
