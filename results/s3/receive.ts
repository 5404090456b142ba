import { createHash } from 'node:crypto';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { withBackOff } from './back-off.js';
import { requireNotLarger } from '../unusable-file.js';
import { nullIfMissing } from './failures.js';

/** An object as it was received. */
export interface ReceivedObject {
  readonly bytes: Buffer;
  /** Changes whenever the object does. */
  readonly etag: string;
  /** Whether the bytes have the SHA-256 that their writer gave; also true of what something else has written. */
  readonly intact: boolean;
}

/** Metadata of an object: the SHA-256 of its bytes, in hex. */
export const DIGEST = 'sha256';

/** Bytes that come damaged this often lie damaged in the bucket. */
const DAMAGED_AT_MOST = 3;

/**
 * Gets an object; null when there is none. What did not all come, or was damaged on the way, is asked for again: the SDK
 * tries requests again, but has handed the body over by then.
 *
 * @param path what it is called in the store
 * @param largest bytes that it may have
 * @throws UnusableFile when it has more; the SDK's errors
 */
export async function receiveObject(
  client: S3Client,
  object: { readonly Bucket: string; readonly Key: string },
  path: string,
  largest: number,
): Promise<ReceivedObject | null> {
  let damaged = 0;
  const passes = (error: unknown): boolean =>
    error instanceof CutShort || (error instanceof Damaged && ++damaged < DAMAGED_AT_MOST);
  try {
    return await withBackOff(async () => {
      const answer = await client.send(new GetObjectCommand(object)).catch(nullIfMissing);
      return answer === null ? null : await received(path, answer, largest);
    }, passes);
  } catch (error) {
    if (error instanceof Damaged) return error.object;
    throw error instanceof CutShort ? error.cause : error;
  }
}

async function received(
  path: string,
  answer: GetObjectCommandOutput,
  largest: number,
): Promise<ReceivedObject> {
  refuseLarger(path, answer, largest);
  const array = await answer.Body!.transformToByteArray().catch((cause: unknown) => {
    throw new CutShort('the body ended early', { cause });
  });
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.length);
  const expected = answer.Metadata?.[DIGEST];
  const intact = expected === undefined || expected === sha256(bytes).toString('hex');
  const object = { bytes, etag: answer.ETag!, intact };
  if (!intact) throw new Damaged(object);
  return object;
}

/** Before its body comes. */
function refuseLarger(
  path: string,
  { Body, ContentLength = 0 }: GetObjectCommandOutput,
  largest: number,
): void {
  if (ContentLength <= largest) return;
  // Else the connection waits for somebody to take it.
  (Body as { destroy?: () => void }).destroy?.();
  requireNotLarger(path, ContentLength, largest);
}

class CutShort extends Error {}

class Damaged extends Error {
  constructor(readonly object: ReceivedObject) {
    super('the bytes are not those that were written');
  }
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
