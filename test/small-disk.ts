import { open, statfs } from 'node:fs/promises';
import { execa } from 'execa';

/** Name of the file that fills the disk. */
export const BALLAST = 'ballast';

const SIZE = '48m';
/** What `statfs` says of the file system `tmpfs`; see statfs(2). */
const TMPFS = 0x01021994;

/**
 * Puts a disk of a few megabytes in memory at a folder.
 *
 * @returns false where that is not allowed: only root may
 */
export async function mountSmallDisk(folder: string): Promise<boolean> {
  const words = ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'ufm-sweep-test', folder];
  const { exitCode } = await execa('mount', words, { reject: false });
  return exitCode === 0;
}

export async function unmountSmallDisk(folder: string): Promise<void> {
  if (await isSmallDisk(folder)) await execa('umount', ['--lazy', folder]);
}

export async function isSmallDisk(folder: string): Promise<boolean> {
  return (await statfs(folder)).type === TMPFS;
}

/** Writes a file until nothing goes on the disk any more. */
export async function fillDisk(file: string): Promise<void> {
  const block = Buffer.alloc(1 << 16);
  const handle = await open(file, 'w');
  try {
    for (;;) await handle.write(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await handle.close();
  }
}
