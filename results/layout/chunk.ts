import { BYTE_ARRAY, type Leaf } from './schema.js';
import { decompressSnappy } from './snappy.js';
import { ThriftReader, type ThriftStruct } from './thrift.js';

const [PLAIN_CODEC, SNAPPY] = [0, 1];
const [DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2] = [0, 2, 3];

/** So many bytes in a column that it need not be known more exactly; a dictionary is decompressed only above. */
const LITTLE = 10_000_000;

/** What a column of a row group comes to when it is decoded. */
export interface Chunk {
  /** Of all pages, decompressed. */
  readonly bytes: number;
  readonly values: number;
  /** A column of texts with a dictionary may have its longest one in every row: no value has more bytes than this. */
  readonly longestText: number;
}

/** A column chunk that promises something else than its pages hold. */
export class MalformedChunk extends Error {
  override readonly name = 'MalformedChunk';
}

/**
 * Follows the pages of a column chunk from header to header: all of them inside the file, one after the other, with
 * the sizes and counts that the footer tells.
 *
 * @param column a ColumnChunk of the footer
 * @param end of the part of the file that holds pages
 * @param most bytes that its pages may come to
 * @throws MalformedChunk, MalformedThrift, MalformedSnappy
 */
export function readChunk(
  bytes: Uint8Array,
  column: ThriftStruct,
  leaf: Leaf,
  end: number,
  most: number,
): Chunk {
  // Field 1 is the path of another file, 8 and 9 are about encryption.
  require(![1, 8, 9].some((field) => column.has(field)));
  const metadata = column.struct(3);
  const codec = metadata.number(4);
  require(metadata.number(1) === leaf.physical && (codec === SNAPPY || codec === PLAIN_CODEC));
  const data = metadata.number(9);
  const start = metadata.has(11) ? Math.min(metadata.number(11), data) : data;
  const stop = start + metadata.number(7);
  require(start >= 4 && start <= stop && stop <= end);

  const sum = { bytes: 0, values: 0, longestText: 0 };
  let seesData = false;
  const reader = new ThriftReader(bytes, start, stop);
  while (reader.offset < stop) {
    const at = reader.offset;
    const header = reader.struct();
    const [kind, plain, packed] = [header.number(1), header.number(2), header.number(3)];
    const content = reader.offset;
    require(plain >= 0 && packed >= 0 && packed <= stop - content);
    sum.bytes += plain;
    require(sum.bytes <= most && (codec === SNAPPY || packed === plain));
    if (kind === DICTIONARY_PAGE) {
      require(at === start && metadata.has(11) && !seesData);
      const count = header.struct(7).number(1);
      require(count >= 0 && count <= plain);
      if (leaf.physical === BYTE_ARRAY) {
        const page = bytes.subarray(content, content + packed);
        const isLittle = plain * metadata.number(5) <= LITTLE;
        sum.longestText = isLittle ? plain : longestOf(page, plain, codec, count);
      }
    } else {
      require(kind === DATA_PAGE || kind === DATA_PAGE_V2);
      // A chunk is found at its first data page, whatever else the footer says.
      require(seesData || at === data);
      seesData = true;
      const values = header.struct(kind === DATA_PAGE ? 5 : 8).number(1);
      require(values >= 0);
      sum.values += values;
    }
    reader.offset = content + packed;
  }
  require(sum.values === metadata.number(5));
  return sum;
}

/** The longest of the texts of a dictionary, each after its length in four bytes. */
function longestOf(page: Uint8Array, plain: number, codec: number, count: number): number {
  const texts = codec === SNAPPY ? decompressSnappy(page, plain) : page;
  const view = new DataView(texts.buffer, texts.byteOffset, texts.length);
  let longest = 0;
  let at = 0;
  for (let index = 0; index < count; index++) {
    require(at + 4 <= texts.length);
    const length = view.getUint32(at, true);
    at += 4 + length;
    require(at <= texts.length);
    longest = Math.max(longest, length);
  }
  require(at === texts.length);
  return longest;
}

function require(holds: boolean): void {
  if (!holds) throw new MalformedChunk();
}
