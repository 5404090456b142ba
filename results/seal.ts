/** What a Parquet file of the store says of itself, in one field of its key-value metadata. */
export interface Seal {
  /** SHA-256 of the file, in hex; see `checksum.ts`. */
  readonly digest: string;
  /** Where in the file the digest starts. */
  readonly offset: number;
  /** Fingerprint of the columns; see `parquet.ts`. */
  readonly columns: string;
  readonly rowGroups: number;
}

/** The field's name. There is one only, because the writer puts several in a random order. */
export const SEAL_KEY = 'ufm.seal';

// Thrift's compact protocol puts this byte, then the length, before a struct's next field of type binary.
const NEXT_BINARY = 0x18;

const MARK = Buffer.concat([Buffer.from(SEAL_KEY), Buffer.of(NEXT_BINARY)]);

/** The field's value: at most 127 characters, so that its length is one byte. */
export function sealText({ digest, columns, rowGroups }: Omit<Seal, 'offset'>): string {
  return `sha256=${digest} columns=${columns} row_groups=${rowGroups}`;
}

/**
 * Finds the seal of a Parquet file without decoding the footer: among thousands of files that is what takes the
 * time. Null when there is none.
 */
export function findSeal(bytes: Uint8Array): Seal | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // The metadata stands at the end of the footer, the footer at the end of the file.
  const mark = buffer.lastIndexOf(MARK);
  if (mark < 0) return null;
  const start = mark + MARK.length + 1;
  const text = buffer.toString('latin1', start, start + (buffer[start - 1] ?? 0));
  const match = /^sha256=(\w{64}) columns=(\w+) row_groups=(\d+)$/.exec(text);
  if (match === null) return null;
  const [, digest, columns, rowGroups] = match;
  const offset = start + 'sha256='.length;
  return { digest: digest!, offset, columns: columns!, rowGroups: Number(rowGroups) };
}
