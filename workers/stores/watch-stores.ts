import { openStore } from '../../results/open-store.js';
import { NotAStore, storeId } from '../../results/store-identity.js';
import { namesMany, storesAt, type FoundStore } from '../../results/stores-at.js';
import { pause } from '../pause.js';
import { ServedStores } from './served-stores.js';

/** A store that is made while workers run gets served after so long. */
const LOOK_EVERY_MS = 3_000;

export interface Watch {
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Gets a line when a store comes or goes, or cannot be looked for. */
  readonly onNotice: (line: string) => void;
}

/**
 * The stores that a worker is given, kept up to date: one that is made later is served then, and one that goes, as when
 * its file system is not mounted any more, is left to other workers until it is back.
 *
 * @param patterns see `storesAt`
 * @throws NotAStore, or Error when a pattern names what can be no store
 */
export async function watchStores(
  patterns: readonly string[],
  { signal, onNotice }: Watch,
): Promise<ServedStores> {
  const found = new Map<string, readonly FoundStore[]>();
  const troubles = new Map<string, string>();
  const look = async (): Promise<FoundStore[]> => {
    for (const pattern of patterns) {
      try {
        found.set(pattern, await storesAt(pattern));
        troubles.delete(pattern);
      } catch (error) {
        // What lies there now is not the store that it was; what cannot be asked is likely still there.
        if (error instanceof NotAStore) found.set(pattern, []);
        const trouble = `Stores cannot be looked for in ${pattern}: ${(error as Error).message}`;
        if (troubles.get(pattern) !== trouble) onNotice(trouble);
        troubles.set(pattern, trouble);
      }
    }
    return [...found.values()].flat();
  };

  const stores = new ServedStores(await look(), true, onNotice);
  for (const pattern of patterns) {
    if (found.get(pattern)?.length !== 0) continue;
    // Something else than a store is no place where one comes to be.
    if (!namesMany(pattern)) await storeId(openStore(pattern));
    onNotice(`There is no store ${pattern} yet; looking for it every few seconds.`);
  }
  void (async () => {
    while (await pause(LOOK_EVERY_MS, signal)) {
      const before = stores.list;
      stores.replace(await look());
      const came = stores.list.filter(({ id }) => !before.some((each) => each.id === id));
      const went = before.filter(({ id }) => !stores.list.some((each) => each.id === id));
      for (const { url } of came) onNotice(`Serving the store ${url} from now on.`);
      for (const { url } of went) onNotice(`The store ${url} is not there any more.`);
    }
  })();
  return stores;
}
