import { resolve } from 'node:path';
import { sideBySide } from './side-by-side.js';
import type { Store } from './store.js';

/** Where files of a store lie on this machine's file system. */
export class LocalFiles {
  /** By their paths in the store. */
  readonly all = new Map<string, string>();
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add(path: string, localPath: string): void {
    this.all.set(path, localPath);
  }

  /** Has all of them on this machine. */
  async locate(paths: readonly string[]): Promise<void> {
    await sideBySide(
      paths.filter((path) => !this.all.has(path)),
      async (path) => {
        this.add(path, resolve(await this.#store.localPath(path)));
      },
    );
  }

  /** @param paths that were located; those that were taken away since are left out */
  of(paths: readonly string[]): string[] {
    return paths.flatMap((path) => this.all.get(path) ?? []);
  }
}
