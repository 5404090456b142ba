import { readdir } from 'node:fs/promises';
import { openStore } from './open-store.js';
import { isS3Url, parseS3Url, s3Url } from './s3/address.js';
import { NotAStore, readMarker } from './store-identity.js';
import type { Store } from './store.js';

/** What a pattern ends in that means every store directly below. */
const ALL_BELOW = '/*';

/** A store that was found, with its identity. */
export interface FoundStore {
  readonly id: string;
  /** Absolute folder or URL. */
  readonly url: string;
}

/**
 * The stores that are there now of those that a person names by one word: a store, or all directly below a folder or a
 * prefix of a bucket. Their marker files tell them from what else lies there.
 *
 * @param pattern a folder or URL, or one that ends in `/*`
 * @throws NotAStore where the pattern names one store, and its marker cannot be understood
 */
export async function storesAt(pattern: string): Promise<FoundStore[]> {
  if (!namesMany(pattern)) return identified(openStore(pattern));
  const above = pattern.slice(0, -ALL_BELOW.length) || '/';
  const below = isS3Url(above) ? await prefixesBelow(above) : await foldersBelow(openStore(above));
  const found = below.map((url) => identified(openStore(url)).catch(unlessForeign));
  return (await Promise.all(found)).flat();
}

/** Whether a pattern stands for all stores of a place. */
export function namesMany(pattern: string): boolean {
  return pattern.endsWith(ALL_BELOW);
}

async function identified(store: Store): Promise<FoundStore[]> {
  const id = await readMarker(store);
  return id === null ? [] : [{ id, url: store.url }];
}

function unlessForeign(error: unknown): FoundStore[] {
  if (error instanceof NotAStore) return [];
  throw error;
}

/** Links are passed over: they may lead to what nobody has given. */
async function foldersBelow({ url }: Store): Promise<string[]> {
  try {
    const entries = await readdir(url, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${url}/${name}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function prefixesBelow(url: string): Promise<string[]> {
  const { Bucket } = await import('./s3/bucket.js');
  const address = parseS3Url(url);
  const names = await new Bucket(address).folders();
  return names.filter(isFolderName).map((name) => `${s3Url(address)}/${name}`);
}

/** Keys may have any characters, prefixes of stores may not. */
function isFolderName(name: string): boolean {
  return /^[\w .=@+-]+$/.test(name) && !/^\.+$/.test(name);
}
