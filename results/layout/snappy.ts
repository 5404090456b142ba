/** The bytes are no Snappy block of the length that they should have. */
export class MalformedSnappy extends Error {
  override readonly name = 'MalformedSnappy';
}

/**
 * Decompresses a block of Snappy's raw format (github.com/google/snappy, format_description.txt) that anyone may have
 * written.
 *
 * @param length of the result, which the block has to have: never more memory is taken
 * @throws MalformedSnappy
 */
export function decompressSnappy(block: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let at = 0;
  let written = 0;
  const littleEndian = (bytes: number): number => {
    let value = 0;
    for (let index = 0; index < bytes; index++) value += (block[at++] ?? NaN) * 256 ** index;
    return value;
  };
  let preamble = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = littleEndian(1);
    preamble += (byte & 127) * factor;
    if (!(byte >= 128 && factor < 2 ** 28)) break;
  }
  if (preamble !== length) throw new MalformedSnappy();
  while (at < block.length) {
    const tag = block[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      const size = 1 + (tag >> 2 < 60 ? tag >> 2 : littleEndian((tag >> 2) - 59));
      if (!(size <= block.length - at && size <= length - written)) throw new MalformedSnappy();
      output.set(block.subarray(at, at + size), written);
      at += size;
      written += size;
    } else {
      const size = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
      const back =
        kind === 1 ? (tag >> 5) * 256 + littleEndian(1) : littleEndian(kind === 2 ? 2 : 4);
      if (!(back >= 1 && back <= written && size <= length - written)) throw new MalformedSnappy();
      const end = written + size;
      // Byte by byte, since a copy may reach into what it writes.
      for (; written < end; written++) output[written] = output[written - back]!;
    }
  }
  if (written !== length) throw new MalformedSnappy();
  return output;
}
