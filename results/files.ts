import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders, type FoldersToMake } from './make-folders.js';
import { requireNotLarger, UnusableFile } from './unusable-file.js';

/** What a store in a folder asks of the file system, beyond what Node has. */

/** Makes a folder and those above it, each of them on the disk before the next. */
export async function makeFolder(folder: string, options: FoldersToMake = {}): Promise<void> {
  for (const made of await makeFolders(folder, options)) await syncFolder(dirname(made));
}

/** Has the names in a folder on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// A pipe would wait for a writer, a link could lead anywhere. Windows has neither flag: `undefined` counts as 0.
const READ_AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** What keeps one file from being read, and says nothing of the others. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission to read it',
  EPERM: 'there is no permission to read it',
  EISDIR: 'it is a folder',
  EIO: 'the disk cannot read it',
  ELOOP: 'it is a link',
  // Of a socket.
  ENXIO: 'it is no regular file',
};

/** Of these, what says nothing of the file itself. */
const MAY_BE_SOUND = new Set(['EACCES', 'EPERM', 'EIO']);

/**
 * The bytes of a regular file; a link is none.
 *
 * @param path what it is called in the store
 * @param largest bytes that it may have
 * @throws UnusableFile when this file cannot be read though others can; errors of the file system otherwise
 */
export async function readRegularFile(
  file: string,
  path: string,
  largest: number,
): Promise<Buffer> {
  try {
    const handle = await open(file, READ_AT_ONCE);
    try {
      const status = await handle.stat();
      if (status.isDirectory()) throw new UnusableFile(path, 'it is a folder');
      if (!status.isFile()) throw new UnusableFile(path, 'it is no regular file');
      requireNotLarger(path, status.size, largest);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const reason = REASONS[codeOf(error) ?? ''];
    throw reason === undefined
      ? error
      : new UnusableFile(path, reason, MAY_BE_SOUND.has(codeOf(error)!), { cause: error });
  }
}

/** Null where there is no such file or folder. */
export async function unlessMissing<T>(operation: Promise<T>): Promise<T | null> {
  try {
    return await operation;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether an error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  // The second where a file stands where a folder on the way would be.
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
}

/** The code of an error of the system. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
