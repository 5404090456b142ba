import { isS3Url } from './s3/address.js';
import { NotAStore, readMarker } from './store-identity.js';
import { isOfPlace, StoreUnavailable } from './store-unavailable.js';
import type { FileDetails, Store } from './store.js';
import { UnusableFile } from './unusable-file.js';

/**
 * A store as those work in it who must not take a store that is away for one that is empty. All that goes wrong in it and is not
 * about one file is a `StoreUnavailable`. In a folder, whose file system may be mounted no more, nothing is written and
 * nothing is said to be missing unless the store's marker is there.
 */
export class GuardedStore implements Store {
  readonly #store: Store;
  readonly #id: string;

  /** @param id see `storeId` */
  constructor(store: Store, id: string) {
    this.#store = store;
    this.#id = id;
  }

  get url(): string {
    return this.#store.url;
  }

  async read(path: string, largest?: number): Promise<Uint8Array | null> {
    return this.#found(
      () => this.#store.read(path, largest),
      (bytes) => bytes !== null,
    );
  }

  async publish(path: string, bytes: Uint8Array): Promise<boolean> {
    return this.#written(() => this.#store.publish(path, bytes));
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#written(() => this.#store.replace(path, bytes));
  }

  async list(folder: string): Promise<string[]> {
    return this.#found(
      () => this.#store.list(folder),
      (paths) => paths.length > 0,
    );
  }

  async details(folder: string): Promise<ReadonlyMap<string, FileDetails>> {
    return this.#found(
      () => this.#store.details(folder),
      (files) => files.size > 0,
    );
  }

  async detailsOf(path: string): Promise<FileDetails | null> {
    return this.#found(
      () => this.#store.detailsOf(path),
      (details) => details !== null,
    );
  }

  async quarantine(path: string, judged?: Uint8Array): Promise<void> {
    await this.#requireMounted();
    return this.#tried(() => this.#store.quarantine(path, judged));
  }

  async remove(path: string): Promise<void> {
    return this.#tried(() => this.#store.remove(path));
  }

  async localPath(path: string): Promise<string> {
    return this.#tried(() => this.#store.localPath(path));
  }

  async isEmpty(): Promise<boolean> {
    return this.#tried(() => this.#store.isEmpty());
  }

  direct(): Store {
    return new GuardedStore(this.#store.direct(), this.#id);
  }

  /** @throws StoreUnavailable unless the store is in its place */
  async requireThere(): Promise<void> {
    const found = await this.#tried(() => readMarker(this.#store).catch(unlessForeign));
    if (found === this.#id) return;
    throw new StoreUnavailable(
      found === null
        ? `the store ${this.url} is not there: is its file system mounted?`
        : `${this.url} has become another store than it was`,
    );
  }

  /** Believes that nothing is there only where the store is. */
  async #found<T>(search: () => Promise<T>, isSomething: (found: T) => boolean): Promise<T> {
    const found = await this.#tried(search);
    if (!isSomething(found)) await this.#requireMounted();
    return found;
  }

  /** Before, so that no folders are made where the store would be mounted; after, because it may have gone meanwhile. */
  async #written<T>(write: () => Promise<T>): Promise<T> {
    await this.#requireMounted();
    const written = await this.#tried(write).catch((error: unknown) => {
      // Of a name that nobody else has given: it is the folder that cannot be written to.
      throw error instanceof UnusableFile ? this.#unavailable(error) : error;
    });
    await this.#requireMounted();
    return written;
  }

  /** A bucket that is away does not answer as one that is empty. */
  async #requireMounted(): Promise<void> {
    if (!isS3Url(this.url)) await this.requireThere();
  }

  async #tried<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isOfStore = !(error instanceof UnusableFile) && isOfPlace(error);
      throw isOfStore ? this.#unavailable(error as Error) : error;
    }
  }

  #unavailable(cause: Error): StoreUnavailable {
    if (cause instanceof StoreUnavailable) return cause;
    const { message } = cause;
    // Those of an object store name it already.
    const said = message.startsWith(this.url) ? message : `${this.url}: ${message}`;
    return new StoreUnavailable(`the store cannot be used: ${said}`, { cause });
  }
}

function unlessForeign(error: unknown): null {
  if (error instanceof NotAStore) return null;
  throw error;
}
