import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { sharedClient } from './client.js';
import { inWords } from './failures.js';
import type { ObjectAddress } from './address.js';

/** S3 takes at most 10,000 parts: files of up to 160 GiB, with one part in memory at a time. */
const PART_BYTES = 16 << 20;

/**
 * Makes an object of a file, or replaces it: whole or not at all. In parts, each with its SHA-256, so that what is cut
 * off is sent again and not all of it.
 */
export async function uploadFile(
  file: string,
  { bucket, key }: ObjectAddress,
  client: S3Client = sharedClient(),
): Promise<void> {
  const object = { Bucket: bucket, Key: key };
  try {
    const start = { ...object, ChecksumAlgorithm: 'SHA256' } as const;
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(start));
    const upload = { ...object, UploadId };
    try {
      const Parts: CompletedPart[] = [];
      for await (const Body of partsOf(file)) {
        const ChecksumSHA256 = createHash('sha256').update(Body).digest('base64');
        const part = { PartNumber: Parts.length + 1, ChecksumSHA256 };
        const { ETag } = await client.send(new UploadPartCommand({ ...upload, ...part, Body }));
        Parts.push({ ...part, ETag });
      }
      const whole = { ...upload, MultipartUpload: { Parts } };
      await client.send(new CompleteMultipartUploadCommand(whole));
    } catch (error) {
      // Parts of an upload that nobody completes are paid for.
      await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw inWords(error, `s3://${bucket}/${key}`);
  }
}

/** At least one part, also of an empty file. */
async function* partsOf(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    for (let position = 0; ; position += PART_BYTES) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PART_BYTES), 0, PART_BYTES, position); // prettier-ignore
      if (bytesRead > 0 || position === 0) yield buffer.subarray(0, bytesRead);
      if (bytesRead < PART_BYTES) return;
    }
  } finally {
    await handle.close();
  }
}
