import { createHash } from 'node:crypto';
import { findSeal } from './seal.js';

/**
 * A Parquet file carries its own SHA-256, because Parquet readers decode most flipped bits to wrong values without
 * noticing. It is taken over the whole file with these zeros in its own place: every byte is covered.
 */
export const BLANK_DIGEST = '0'.repeat(64);

/** A file of the store that cannot be used: its bytes are not those that were written, or see `OtherColumnsError`. */
export class DamagedFileError extends Error {
  constructor(reason: string) {
    super(`the file cannot be used: ${reason}`);
    this.name = 'DamagedFileError';
  }
}

/** A file without a fault that has other columns than can be read here. It is left where it is: others can read it. */
export class OtherColumnsError extends DamagedFileError {}

/** Writes its digest into a Parquet file whose seal has a blank one. Changes the bytes in place and returns them. */
export function stamp(bytes: Uint8Array): Uint8Array {
  const seal = findSeal(bytes);
  if (seal?.digest !== BLANK_DIGEST) throw new Error('the file has no blank digest to fill in');
  bytes.set(Buffer.from(digestOf(bytes, seal.offset)), seal.offset);
  return bytes;
}

/** What is wrong with the bytes of a file, in words; null when every byte is as it was written. */
export function damage(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'the file is empty';
  const seal = findSeal(bytes);
  if (seal === null) {
    return 'the file carries no checksum: it was cut short, or written by something else';
  }
  const intact = seal.digest === digestOf(bytes, seal.offset);
  return intact ? null : 'the bytes do not match their SHA-256';
}

function digestOf(bytes: Uint8Array, offset: number): string {
  return createHash('sha256')
    .update(bytes.subarray(0, offset))
    .update(BLANK_DIGEST)
    .update(bytes.subarray(offset + BLANK_DIGEST.length))
    .digest('hex');
}
