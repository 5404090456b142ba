/** A field of a Parquet file's key-value metadata: its value, and where in the file that starts. */
export interface FooterField {
  readonly offset: number;
  readonly value: string;
}

// Thrift's compact protocol puts this byte, then the length, before a struct's next field of type binary.
const NEXT_BINARY = 0x18;

/**
 * Finds a field of a Parquet file's metadata without decoding the footer: among thousands of files that is what
 * takes the time. Values of up to 127 ASCII characters; null when there is no such field.
 */
export function findField(bytes: Uint8Array, key: string): FooterField | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // The metadata stands at the end of the footer, the footer at the end of the file.
  const start = buffer.lastIndexOf(Buffer.concat([Buffer.from(key), Buffer.of(NEXT_BINARY)]));
  if (start < 0) return null;
  const offset = start + key.length + 2;
  const length = buffer[offset - 1] ?? 0;
  if (length === 0 || offset + length > buffer.length) return null;
  return { offset, value: buffer.toString('latin1', offset, offset + length) };
}
