import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isS3Url, parseObjectUrl } from './s3/address.js';

/**
 * Has a file written where a person wants it: a path, or `s3://bucket/key`, to which it is uploaded with what was
 * written beside it.
 *
 * @param write gets a path of this machine's file system
 */
export async function writtenTo<T>(
  target: string,
  write: (file: string) => Promise<T>,
): Promise<T> {
  if (!isS3Url(target)) return write(target);
  const { bucket, key } = parseObjectUrl(target);
  const folder = await mkdtemp(join(tmpdir(), 'ufm-upload-'));
  try {
    const result = await write(join(folder, basename(key)));
    const { uploadFile } = await import('./s3/upload.js');
    for (const name of await readdir(folder)) {
      await uploadFile(join(folder, name), { bucket, key: join(dirname(key), name) });
    }
    return result;
  } finally {
    await rm(folder, { recursive: true });
  }
}
