import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FoldersToMake {
  /** Before the umask. */
  readonly mode?: number;
  /** A folder that has to be there: neither it nor what is above it is made. */
  readonly inside?: string;
}

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` tries for ever where a file system, such as `/proc`, says of a
 * new folder that the one above is missing, though it is there.
 *
 * @returns those that were made, the outermost first
 * @throws Error with the code of `mkdir`, as of a read-only file system or a file that is in the way
 */
export async function makeFolders(folder: string, options: FoldersToMake = {}): Promise<string[]> {
  const { mode = 0o777, inside } = options;
  if (folder === inside) return [];
  try {
    return (await makeOne(folder, mode)) ? [folder] : [];
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
  }
  const above = await makeFolders(dirname(folder), options);
  return (await makeOne(folder, mode)) ? [...above, folder] : above;
}

/** False when there is one already. */
async function makeOne(folder: string, mode: number): Promise<boolean> {
  try {
    await mkdir(folder, { mode });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
