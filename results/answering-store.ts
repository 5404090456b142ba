import { setTimeout as delay } from 'node:timers/promises';
import { MARKER_PATH } from './store-identity.js';
import { StoreUnavailable } from './store-unavailable.js';
import type { FileDetails, Store } from './store.js';

/** A file system on a network answers a request within seconds, unless its server is away: then never. */
const PATIENCE_MS = 60_000;

/**
 * A store that answers or is unavailable. The file system of a network whose server has gone lets every call wait for as
 * long as that is away, and nothing ends such a call. One that takes long is believed to be under way while the store's marker can be
 * read beside it: a listing of a large store may well take minutes.
 */
export class AnsweringStore implements Store {
  readonly #store: Store;
  readonly #patienceMs: number;

  constructor(store: Store, patienceMs = PATIENCE_MS) {
    this.#store = store;
    this.#patienceMs = patienceMs;
  }

  get url(): string {
    return this.#store.url;
  }

  async read(path: string, largest?: number): Promise<Uint8Array | null> {
    return this.#answered(this.#store.read(path, largest));
  }

  async publish(path: string, bytes: Uint8Array): Promise<boolean> {
    return this.#answered(this.#store.publish(path, bytes));
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#answered(this.#store.replace(path, bytes));
  }

  async list(folder: string): Promise<string[]> {
    return this.#answered(this.#store.list(folder));
  }

  async details(folder: string): Promise<ReadonlyMap<string, FileDetails>> {
    return this.#answered(this.#store.details(folder));
  }

  async detailsOf(path: string): Promise<FileDetails | null> {
    return this.#answered(this.#store.detailsOf(path));
  }

  async quarantine(path: string, judged?: Uint8Array): Promise<void> {
    return this.#answered(this.#store.quarantine(path, judged));
  }

  async remove(path: string): Promise<void> {
    return this.#answered(this.#store.remove(path));
  }

  async localPath(path: string): Promise<string> {
    return this.#answered(this.#store.localPath(path));
  }

  async isEmpty(): Promise<boolean> {
    return this.#answered(this.#store.isEmpty());
  }

  direct(): Store {
    return new AnsweringStore(this.#store.direct(), this.#patienceMs);
  }

  async #answered<T>(working: Promise<T>): Promise<T> {
    while (!(await this.#settles(working))) {
      if (await this.#settles(this.#store.read(MARKER_PATH))) continue;
      // Nobody waits for it any more.
      working.catch(() => undefined);
      const seconds = (2 * this.#patienceMs) / 1000;
      throw new StoreUnavailable(
        `the store ${this.url} does not answer, for ${seconds} s: is the server of its file system away?`,
      );
    }
    return working;
  }

  /** Whether it ends, well or not, within the patience. */
  async #settles(working: Promise<unknown>): Promise<boolean> {
    const over = new AbortController();
    const late = delay(this.#patienceMs, false, { signal: over.signal }).catch(() => false);
    const ended = working.then(
      () => true,
      () => true,
    );
    return Promise.race([ended, late]).finally(() => {
      over.abort();
    });
  }
}
