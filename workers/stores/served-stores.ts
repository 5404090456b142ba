import { faultClassOf } from '../../activities/fault-class.js';
import { StoreUnavailable } from '../../results/store-unavailable.js';
import type { StudyReference } from '../../study/orchestration.js';
import { Outages } from './outages.js';
import { probeStore, requireThere, type OwnStore } from './own-store.js';

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

/** The stores that this process was given, in which alone it works, whatever it is asked for. */
export class ServedStores {
  readonly outages: Outages;
  #stores: readonly OwnStore[] = [];
  /** Identities of those that were among them. */
  readonly #former = new Set<string>();
  readonly #listeners = new Set<() => void>();

  /**
   * @param earlier whether what began before stores had identities is served as well, from the queues of that time
   * @param onNotice gets a line when a store cannot be served for now, and when it can again
   */
  constructor(
    stores: readonly OwnStore[],
    readonly earlier: boolean,
    readonly onNotice: (line: string) => void = () => undefined,
  ) {
    this.outages = new Outages({ probe: probeStore, onNotice });
    this.replace(stores);
  }

  /** The store of a study alone. */
  static ofStudy(
    { storeId: id, store: url }: Required<StudyReference>,
    onNotice?: (line: string) => void,
  ): ServedStores {
    return new ServedStores([{ id, url }], false, onNotice);
  }

  get list(): readonly OwnStore[] {
    return this.#stores;
  }

  /** Serves these from now on. Of two places of one store the first counts. */
  replace(stores: readonly OwnStore[]): void {
    const byId = new Map([...stores].reverse().map((store) => [store.id, store]));
    const before = this.#stores;
    this.#stores = stores.filter((store) => byId.get(store.id) === store);
    for (const { id } of before.filter((store) => !byId.has(store.id))) {
      this.#former.add(id);
      this.outages.forget(id);
    }
    for (const listener of this.#listeners) listener();
  }

  /** Calls a function after each `replace`, until the function that it returns is called. */
  onReplaced(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Works in the store of a study, with the study as it is found from here: a store that is mounted elsewhere on another machine
   * is known by its identity. A fault of the infrastructure takes the store out.
   *
   * @throws StoreNotServed when it lies in a store that is none of these; StoreOfOthers when, besides, its reference has no
   *   identity; StoreUnavailable when its store is one of these and out, or not in its place; what the work throws
   */
  async within<T>(
    reference: StudyReference,
    work: (own: Required<StudyReference>) => Promise<T>,
  ): Promise<T> {
    const own = this.#find(reference);
    // Of what was asked for before the store went out; somebody else may be able to do it.
    const reason = this.outages.reasonOf(own.id);
    if (reason !== null) throw new StoreUnavailable(reason);
    try {
      await requireThere(own);
      const done = await work({ ...reference, store: own.url, storeId: own.id });
      this.outages.worked(own.id);
      return done;
    } catch (error) {
      throw await this.#judged(own, error);
    }
  }

  /** An error, or why the store is not there, which then is the reason of whatever went wrong. */
  async #judged(own: OwnStore, error: unknown): Promise<unknown> {
    const fault =
      faultClassOf(error) === 'infrastructure' ? error : await requireThere(own).catch((away: unknown) => away); // prettier-ignore
    if (fault === undefined) return error;
    this.outages.takeOut(own, (fault as Error).message);
    return fault;
  }

  #find({ store: url, storeId: id }: StudyReference): OwnStore {
    const own = this.#stores.find((each) => (id === undefined ? each.url === url : each.id === id));
    if (own !== undefined) return own;
    if (id !== undefined && this.#former.has(id)) {
      throw new StoreUnavailable(`the store ${url} is not served from here any more`);
    }
    const asked = id === undefined ? url : `${url} (${id})`;
    const served = this.#stores.map((each) => `${each.url} (${each.id})`).join(', ');
    const message = `this worker was not given the store ${asked}; it serves ${served === '' ? 'none' : served}`;
    throw id === undefined ? new StoreOfOthers(message) : new StoreNotServed(message);
  }
}
