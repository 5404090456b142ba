import { fileURLToPath } from 'node:url';
import { FolderStore } from './folder-store.js';
import type { Store } from './store.js';

/**
 * Opens the store that a person named; nothing is written yet.
 *
 * @param url A folder, or a `file://` URL.
 * @throws Error when it is a URL of another kind.
 */
export function openStore(url: string): Store {
  if (url === '') throw new Error('the store has no name: give a folder');
  if (url.startsWith('file://')) return new FolderStore(fileURLToPath(url));
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    throw new Error(`stores such as ${url} are not supported yet: give a folder instead`);
  }
  return new FolderStore(url);
}
