import { fileURLToPath } from 'node:url';
import { AnsweringStore } from './answering-store.js';
import { FolderStore } from './folder-store.js';
import { GuardedStore } from './guarded-store.js';
import { isS3Url } from './s3/address.js';
import { S3Store } from './s3-store.js';
import { storeId } from './store-identity.js';
import { isOfPlace, StoreUnavailable } from './store-unavailable.js';
import type { Store } from './store.js';

/**
 * Opens the store that a person named; nothing is read or written yet.
 *
 * @param url A folder, a `file://` URL, or `s3://bucket/prefix`.
 * @param options whether a folder has to be there, rather than being made at the first write
 * @throws Error when it is a URL of another kind.
 */
export function openStore(url: string, options: { readonly hasToBeThere?: boolean } = {}): Store {
  if (url === '') throw new Error('the store has no name: give a folder, or s3://bucket/prefix');
  if (isS3Url(url)) return new S3Store(url);
  if (url.startsWith('file://')) return openFolder(fileURLToPath(url), options);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    throw new Error(
      `stores such as ${url} are not supported: give a folder, or s3://bucket/prefix`,
    );
  }
  return openFolder(url, options);
}

/** The client of a bucket loses its patience by itself. */
function openFolder(folder: string, options: { readonly hasToBeThere?: boolean }): Store {
  return new AnsweringStore(new FolderStore(folder, options));
}

/**
 * Opens the store that somebody else named, for whoever is about to work in it.
 *
 * @throws NotAStore when something else is there; StoreUnavailable when nothing is, or nobody can tell
 */
export async function openOwnStore(url: string): Promise<GuardedStore> {
  const store = openStore(url, { hasToBeThere: true });
  const id = await storeId(store).catch((error: unknown) => {
    throw isOfPlace(error)
      ? new StoreUnavailable((error as Error).message, { cause: error })
      : error;
  });
  if (id === null)
    throw new StoreUnavailable(`there is no store at ${url}: is its file system mounted?`);
  return new GuardedStore(store, id);
}
