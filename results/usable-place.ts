import { existsSync } from 'node:fs';
import { link, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withHint } from './folder-store.js';
import { openStore } from './open-store.js';

/**
 * Tries what a store is done with in its place, and leaves nothing there: in a folder, or the one above that is there, a file is
 * written and linked; a bucket is read.
 *
 * @param url absolute folder or URL
 * @returns what does not work, for people; null when all does
 */
export async function whyUnusable(url: string): Promise<string | null> {
  try {
    if (url.includes('://')) await openStore(url).isEmpty();
    else await tryFolder(deepestExisting(url), url);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

async function tryFolder(folder: string, url: string): Promise<void> {
  const own = await mkdtemp(join(folder, '.ufm-doctor-'));
  try {
    await writeFile(join(own, 'file'), 'ufm-sweep', { flag: 'wx' });
    await link(join(own, 'file'), join(own, 'link'));
  } catch (error) {
    throw withHint(error, url);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

function deepestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder
    ? folder
    : deepestExisting(dirname(folder));
}
