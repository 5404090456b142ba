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
 * The stores that a worker is given, kept up to date. One that is made later is served then. One that was named and is not in its
 * place any more, as when its file system is not mounted, is out until it is back; one of those below a folder is gone.
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
  const stores = new ServedStores([], true, onNotice);

  /** Whether a pattern names a store that was found, which then is out. */
  const isOut = (pattern: string, reason: string): boolean => {
    const [named] = namesMany(pattern) ? [] : (found.get(pattern) ?? []);
    if (named !== undefined) stores.outages.takeOut(named, reason);
    return named !== undefined;
  };
  const lookAt = async (pattern: string): Promise<void> => {
    try {
      const there = await storesAt(pattern);
      const missing = `the store ${pattern} is not there: is its file system mounted?`;
      if (there.length > 0 || !isOut(pattern, missing)) found.set(pattern, there);
      troubles.delete(pattern);
    } catch (error) {
      const { message } = error as Error;
      if (isOut(pattern, message)) return;
      // What lies there is no store; of many, those that cannot be asked are likely still there.
      if (error instanceof NotAStore) found.set(pattern, []);
      const trouble = `Stores cannot be looked for in ${pattern}: ${message}`;
      if (troubles.get(pattern) !== trouble) onNotice(trouble);
      troubles.set(pattern, trouble);
    }
  };
  const look = async (): Promise<void> => {
    for (const pattern of patterns) await lookAt(pattern);
    stores.replace([...found.values()].flat());
  };

  await look();
  for (const pattern of patterns) {
    if (found.get(pattern)?.length !== 0) continue;
    // Something else than a store is no place where one comes to be.
    if (!namesMany(pattern)) await storeId(openStore(pattern));
    onNotice(`There is no store ${pattern} yet; looking for it every few seconds.`);
  }
  void (async () => {
    while (await pause(LOOK_EVERY_MS, signal)) {
      const before = stores.list;
      await look();
      const came = stores.list.filter(({ id }) => !before.some((each) => each.id === id));
      const went = before.filter(({ id }) => !stores.list.some((each) => each.id === id));
      for (const { url } of came) onNotice(`Serving the store ${url} from now on.`);
      for (const { url } of went) onNotice(`The store ${url} is not there any more.`);
    }
  })();
  return stores;
}
