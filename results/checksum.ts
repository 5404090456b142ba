import { createHash } from 'node:crypto';
import { findField } from './footer-field.js';

/**
 * A Parquet file that carries its own SHA-256, because Parquet readers decode most flipped bits to wrong values
 * without noticing. The digest stands in the file's key-value metadata under this key; it is taken over the whole
 * file with 64 zeros in its own place, so every byte is covered.
 */
export const CHECKSUM_KEY = 'ufm.sha256';

/** What a file is written with before it is sealed: as long as the digest, so that no offset moves. */
export const CHECKSUM_BLANK = '0'.repeat(64);

/** A file of the store whose bytes are not those that were written, or whose columns are of another version. */
export class DamagedFileError extends Error {
  constructor(reason: string) {
    super(`the file cannot be used: ${reason}`);
    this.name = 'DamagedFileError';
  }
}

/**
 * Writes the digest into a Parquet file whose metadata holds `CHECKSUM_BLANK` under `CHECKSUM_KEY`.
 * Changes the bytes in place and returns them.
 */
export function seal(bytes: Uint8Array): Uint8Array {
  const field = findField(bytes, CHECKSUM_KEY);
  if (field?.value !== CHECKSUM_BLANK) {
    throw new Error(`the file has no metadata field ${CHECKSUM_KEY} to seal`);
  }
  bytes.set(Buffer.from(digest(bytes, field.offset)), field.offset);
  return bytes;
}

/** What is wrong with the bytes of a sealed file, in words; null when every byte is as it was written. */
export function damage(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'the file is empty';
  const field = findField(bytes, CHECKSUM_KEY);
  if (field?.value.length !== CHECKSUM_BLANK.length) {
    return 'the file carries no checksum: it was cut short, or written by something else';
  }
  const intact = field.value === digest(bytes, field.offset);
  return intact ? null : 'the bytes do not match their SHA-256';
}

function digest(bytes: Uint8Array, offset: number): string {
  return createHash('sha256')
    .update(bytes.subarray(0, offset))
    .update(CHECKSUM_BLANK)
    .update(bytes.subarray(offset + CHECKSUM_BLANK.length))
    .digest('hex');
}
