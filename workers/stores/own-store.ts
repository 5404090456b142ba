import { GuardedStore } from '../../results/guarded-store.js';
import { openStore } from '../../results/open-store.js';
import { unfinishedPath } from '../../results/paths.js';

/** A store that this process was given, as it sees it. */
export interface OwnStore {
  /** See `storeId` of results/. */
  readonly id: string;
  /** Absolute folder or URL. */
  readonly url: string;
}

/** @throws StoreUnavailable unless the store is in its place */
export async function requireThere({ id, url }: OwnStore): Promise<void> {
  await new GuardedStore(openStore(url), id).requireThere();
}

/**
 * Tries what work in a store needs: finds it in its place, writes a small file and removes it.
 *
 * @throws StoreUnavailable when that fails
 */
export async function probeStore({ id, url }: OwnStore): Promise<void> {
  const store = new GuardedStore(openStore(url, { hasToBeThere: true }), id);
  await store.requireThere();
  // Swept one day, should this process end in between.
  const path = unfinishedPath();
  await store.publish(path, Buffer.from('probe'));
  await store.remove(path);
}
