import { StoreUnusable, statusOf } from './s3/failures.js';

/**
 * A store cannot be worked in from here, as things are: it is away, full, or refuses. It says nothing of any file in it,
 * so that whoever meets it knows no more of the store than before.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/**
 * Whether an error of a store's is one of the file system, the object store or the way to it. Others, such as
 * `UnusableFile` and `DamagedFileError`, are about one file.
 */
export function isOfPlace(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof StoreUnusable || statusOf(cause) !== null) return true;
    if (typeof (cause as NodeJS.ErrnoException).code === 'string') return true;
  }
  return false;
}
