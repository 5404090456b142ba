import { randomUUID } from 'node:crypto';
import {
  link,
  lstat,
  open,
  opendir,
  readdir,
  readFile,
  realpath,
  rename,
  unlink,
} from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { makeFolders } from './make-folders.js';
import { QUARANTINE_FOLDER, TEMPORARY_FOLDER } from './paths.js';
import { requireRelative } from './relative-path.js';
import type { Store } from './store.js';

/**
 * A store in a folder of a file system. What is published is complete on the disk before its name exists, and
 * its name is on the disk before `publish` returns: a process killed or a machine lost in the middle leaves nothing
 * but a file under `tmp/`. Needs a file system with hard links.
 */
export class FolderStore implements Store {
  readonly url: string;

  /** @param folder Made at the first write when it is not there. */
  constructor(folder: string) {
    this.url = resolve(folder);
  }

  async read(path: string): Promise<Uint8Array | null> {
    const file = await this.#existing(path);
    return file === null ? null : unlessMissing(readFile(file));
  }

  async publish(path: string, bytes: Uint8Array): Promise<boolean> {
    const target = await this.#inside(path);
    const temporary = await this.#writeTemporary(bytes);
    try {
      await makeFolder(dirname(target));
      // A link, unlike a rename, never replaces what is there: one of many writers wins.
      await link(temporary, target);
      await syncFolder(dirname(target));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw withHint(error, this.url);
    } finally {
      // Whoever stood still for a day may find that it was swept.
      await unlessMissing(unlink(temporary));
    }
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const target = await this.#inside(path);
    const temporary = await this.#writeTemporary(bytes);
    await this.#move(temporary, target);
  }

  async list(folder: string): Promise<string[]> {
    const root = await this.#existing(folder);
    if (root === null) return [];
    const entries = await unlessMissing(readdir(root, { recursive: true, withFileTypes: true }));
    // Links are passed over: they may lead anywhere, and the store itself makes none.
    return (entries ?? [])
      .filter((entry) => entry.isFile())
      .map(
        (entry) =>
          folder + join(entry.parentPath, entry.name).slice(root.length).replaceAll(sep, '/'),
      )
      .sort();
  }

  async quarantine(path: string): Promise<void> {
    const source = await this.#inside(path);
    const target = await this.#inside(`${QUARANTINE_FOLDER}/${path}.${randomUUID().slice(0, 8)}`);
    // Somebody else may have set it aside already; then there is nothing left to do.
    await unlessMissing(this.#move(source, target));
  }

  async times(folder: string): Promise<ReadonlyMap<string, number>> {
    const times = new Map<string, number>();
    for (const path of await this.list(folder)) {
      const status = await unlessMissing(lstat(await this.#inside(path)));
      if (status !== null) times.set(path, status.mtimeMs);
    }
    return times;
  }

  async remove(path: string): Promise<void> {
    await unlessMissing(unlink(await this.#inside(path)));
  }

  async localPath(path: string): Promise<string> {
    return (await this.#existing(path)) ?? this.#inside(path);
  }

  async isEmpty(): Promise<boolean> {
    const folder = await unlessMissing(opendir(this.url));
    if (folder === null) return true;
    try {
      return (await folder.read()) === null;
    } finally {
      await folder.close();
    }
  }

  direct(): Store {
    return this;
  }

  async #move(source: string, target: string): Promise<void> {
    await makeFolder(dirname(target));
    await rename(source, target);
    await syncFolder(dirname(target));
  }

  async #writeTemporary(bytes: Uint8Array): Promise<string> {
    const folder = join(this.url, TEMPORARY_FOLDER);
    await makeFolder(folder);
    const path = join(folder, randomUUID());
    try {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      // What is left of it would keep a full disk full.
      await unlessMissing(unlink(path));
      throw error;
    }
    return path;
  }

  /** Where a file or folder really is; null when there is none. As `#inside` has it. */
  async #existing(path: string): Promise<string | null> {
    const real = await unlessMissing(realpath(this.#target(path)));
    if (real !== null) await this.#requireInside(path, real);
    return real;
  }

  /**
   * The absolute path of what is to be written.
   *
   * @throws Error when the path, or a symbolic link on its way, leads out of the store
   */
  async #inside(path: string): Promise<string> {
    const target = this.#target(path);
    await this.#requireInside(path, await deepestExisting(dirname(target)));
    return target;
  }

  #target(path: string): string {
    return join(this.url, requireRelative(path));
  }

  async #requireInside(path: string, real: string): Promise<void> {
    const root = await unlessMissing(realpath(this.url));
    if (root === null || real === root || real.startsWith(root + sep)) return;
    throw new Error(`the path ${path} leads out of the store ${this.url} to ${real}`);
  }
}

/** Where the deepest folder of a path that there is really is. */
async function deepestExisting(folder: string): Promise<string> {
  return (await unlessMissing(realpath(folder))) ?? deepestExisting(dirname(folder));
}

/** Makes a folder and those above it, each of them on the disk before the next. */
async function makeFolder(folder: string): Promise<void> {
  for (const made of await makeFolders(folder)) await syncFolder(dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessMissing<T>(operation: Promise<T>): Promise<T | null> {
  try {
    return await operation;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** An error of a link, with what to do where the file system knows none. */
export function withHint(error: unknown, url: string): unknown {
  if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) return error;
  const advice = 'put the store on one that has them';
  return new Error(`the file system of ${url} may lack hard links: ${advice}`, { cause: error });
}
