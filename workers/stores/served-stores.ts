import { openStore } from '../../results/open-store.js';
import { NotAStore, readMarker } from '../../results/store-identity.js';
import type { StudyReference } from '../../study/orchestration.js';

/** A store that this process was given, as it sees it. */
export interface OwnStore {
  /** See `storeId` of results/. */
  readonly id: string;
  /** Absolute folder or URL. */
  readonly url: string;
}

/** What names the queues of a store; null: those of before stores had any. */
export function inStore(store: OwnStore | null): Pick<StudyReference, 'storeId'> {
  return store === null ? {} : { storeId: store.id };
}

/** Somebody asks for work in a store that this process was not given. Trying again here does not mend it. */
export class StoreNotServed extends Error {
  override readonly name: string = 'StoreNotServed';
}

/**
 * The same of a study that began before stores had queues of their own, whose work comes to workers of other stores as
 * well: one that has the store takes the next try.
 */
export class StoreOfOthers extends StoreNotServed {
  override readonly name = 'StoreOfOthers';
}

/** A store of this process is not where it was, as when a file system is not mounted. Another worker may see it. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway';
}

/** The stores that this process was given, in which alone it works, whatever it is asked for. */
export class ServedStores {
  #stores: readonly OwnStore[] = [];
  readonly #listeners = new Set<() => void>();

  /**
   * @param earlier whether what began before stores had identities is served as well, from the queues of that time
   * @param onNotice gets a line when a store cannot be served for now
   */
  constructor(
    stores: readonly OwnStore[],
    readonly earlier: boolean,
    readonly onNotice: (line: string) => void = () => undefined,
  ) {
    this.replace(stores);
  }

  /** The store of a study alone. */
  static ofStudy(
    { storeId: id, store: url }: Required<StudyReference>,
    earlier = false,
  ): ServedStores {
    return new ServedStores([{ id, url }], earlier);
  }

  get list(): readonly OwnStore[] {
    return this.#stores;
  }

  /** Serves these from now on. Of two places of one store the first counts. */
  replace(stores: readonly OwnStore[]): void {
    const byId = new Map([...stores].reverse().map((store) => [store.id, store]));
    this.#stores = stores.filter((store) => byId.get(store.id) === store);
    for (const listener of this.#listeners) listener();
  }

  /** Calls a function after each `replace`, until the function that it returns is called. */
  onReplaced(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A study as it is found from here: a store that is mounted elsewhere on another machine is known by its identity.
   *
   * @throws StoreNotServed when it lies in a store that is none of these; StoreOfOthers when, besides, its reference has no
   *   identity; StoreAway when its store is one of these and not in its place
   */
  async locate(reference: StudyReference): Promise<Required<StudyReference>> {
    const { storeId: id, store: url } = reference;
    const own = this.#stores.find((each) => (id === undefined ? each.url === url : each.id === id));
    if (own === undefined) throw this.#refusal(reference);
    const found = await identityAt(own.url);
    if (found !== own.id) {
      throw new StoreAway(
        found === null
          ? `the store ${own.url} is not there on this machine: is its file system mounted?`
          : `${own.url} has become another store than the one that this worker was given`,
      );
    }
    return { ...reference, store: own.url, storeId: own.id };
  }

  #refusal({ store, storeId: id }: StudyReference): StoreNotServed {
    const asked = id === undefined ? store : `${store} (${id})`;
    const served = this.#stores.map((own) => `${own.url} (${own.id})`).join(', ');
    const message = `this worker was not given the store ${asked}; it serves ${served === '' ? 'none' : served}`;
    return id === undefined ? new StoreOfOthers(message) : new StoreNotServed(message);
  }
}

/** Null when no store lies there. */
async function identityAt(url: string): Promise<string | null> {
  try {
    return await readMarker(openStore(url));
  } catch (error) {
    if (error instanceof NotAStore) return null;
    throw error;
  }
}
