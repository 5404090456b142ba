import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { link, open, readdir, realpath, rename, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import {
  codeOf,
  isMissing,
  makeFolder,
  readRegularFile,
  syncFolder,
  unlessMissing,
} from './files.js';
import type { FoldersToMake } from './make-folders.js';
import {
  isPiecePath,
  isUnfinishedPath,
  QUARANTINE_FOLDER,
  TEMPORARY_FOLDER,
  unfinishedPath,
} from './paths.js';
import { requireRelative } from './relative-path.js';
import type { FileDetails, Store } from './store.js';
import { LARGEST_FILE, UnusableFile } from './unusable-file.js';

/**
 * A store in a folder of a file system. What is published is complete on the disk before its name exists, and
 * its name is on the disk before `publish` returns: a process killed or a machine lost in the middle leaves nothing
 * but a file under `tmp/`. Needs a file system with hard links.
 */
export class FolderStore implements Store {
  readonly url: string;

  readonly #folders: FoldersToMake;

  /** @param folder Made at the first write when it is not there, unless it has to be. */
  constructor(folder: string, { hasToBeThere = false } = {}) {
    this.url = resolve(folder);
    this.#folders = hasToBeThere ? { inside: this.url } : {};
  }

  async read(path: string, largest = LARGEST_FILE): Promise<Uint8Array | null> {
    const folder = await this.#existing(dirname(requireRelative(path)));
    const file = folder && join(folder, basename(path));
    return file === null ? null : unlessMissing(readRegularFile(file, path, largest));
  }

  async publish(path: string, bytes: Uint8Array): Promise<boolean> {
    const target = await this.#inside(path);
    const temporary = await this.#writeTemporary(bytes);
    try {
      if (!(await this.#linked(temporary, target))) return false;
      await syncFolder(dirname(target));
      return true;
    } catch (error) {
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
    const root = await this.#existing(requireRelative(folder));
    return root === null ? [] : (await pathsBelow(root)).map((path) => `${folder}/${path}`).sort();
  }

  async details(folder: string): Promise<ReadonlyMap<string, FileDetails>> {
    const root = await this.#existing(requireRelative(folder));
    const paths = root === null ? [] : (await pathsBelow(root)).sort();
    const found = new Map<string, FileDetails>();
    for (const [index, path] of paths.entries()) {
      // A hundred thousand of them take a second when they are looked at at once, and three otherwise.
      if (index % LOOKED_AT_ONCE === LOOKED_AT_ONCE - 1) await yieldToEvents();
      const details = lookAt(join(root!, path));
      if (details !== null) found.set(`${folder}/${path}`, details);
    }
    return found;
  }

  async detailsOf(path: string): Promise<FileDetails | null> {
    const folder = await this.#existing(dirname(requireRelative(path)));
    return folder === null ? null : lookAt(join(folder, basename(path)));
  }

  async quarantine(path: string, judged?: Uint8Array): Promise<void> {
    const source = await this.#inside(path);
    const target = await this.#inside(`${QUARANTINE_FOLDER}/${path}.${randomUUID().slice(0, 8)}`);
    // Somebody else may have set it aside already; then there is nothing left to do.
    if ((await unlessMissing(this.#move(source, target))) === null || judged === undefined) return;
    if (await holds(target, judged)) return;
    // A good file had taken its place meanwhile. Where yet another one has since, this one stays aside.
    if (!(await linked(target, source))) return;
    await syncFolder(dirname(source));
    await unlessMissing(unlink(target));
  }

  async remove(path: string): Promise<void> {
    const target = await this.#inside(path);
    await unlessMissing(unlink(target));
    // The last piece of a shard takes its folder with it: a study may have many shards.
    if (isPiecePath(path)) await rmdir(dirname(target)).catch(() => undefined);
  }

  async localPath(path: string): Promise<string> {
    return (await this.#existing(requireRelative(path))) ?? this.#inside(path);
  }

  async isEmpty(): Promise<boolean> {
    const entries = (await unlessMissing(readdir(this.url, { withFileTypes: true }))) ?? [];
    const isOurs = entries.every((entry) => entry.name === TEMPORARY_FOLDER && entry.isDirectory());
    return isOurs && (await this.list(TEMPORARY_FOLDER)).every(isUnfinishedPath);
  }

  direct(): Store {
    return this;
  }

  async #move(source: string, target: string): Promise<true> {
    await makeFolder(dirname(target), this.#folders);
    await rename(source, target);
    await syncFolder(dirname(target));
    return true;
  }

  /** As `linked`, in a folder that is made for it. Somebody may remove that as empty just then; see `remove`. */
  async #linked(path: string, name: string, tries = 3): Promise<boolean> {
    await makeFolder(dirname(name), this.#folders);
    try {
      return await linked(path, name);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || tries === 1) throw error;
      return this.#linked(path, name, tries - 1);
    }
  }

  async #writeTemporary(bytes: Uint8Array): Promise<string> {
    const path = await this.#inside(unfinishedPath());
    await makeFolder(dirname(path), this.#folders);
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

  /** Where a file or folder really is, `.` for the store itself; null when there is none. As `#inside` has it. */
  async #existing(path: string): Promise<string | null> {
    const root = await unlessMissing(realpath(this.url));
    const real = root && (await unlessMissing(realpath(join(this.url, path))));
    if (root !== null && real !== null) this.#requireInside(path, root, real);
    return real;
  }

  /**
   * The absolute path of what is to be written.
   *
   * @throws UnusableFile when the path, or a symbolic link on its way, leads out of the store
   */
  async #inside(path: string): Promise<string> {
    const target = join(this.url, requireRelative(path));
    // First: once it is there, what is above it is not the deepest folder any more.
    const root = await unlessMissing(realpath(this.url));
    if (root !== null) this.#requireInside(path, root, await deepestExisting(dirname(target)));
    return target;
  }

  #requireInside(path: string, root: string, real: string): void {
    if (real === root || real.startsWith(root + sep)) return;
    throw new UnusableFile(path, `it leads out of the store ${this.url} to ${real}`);
  }
}

/** Where the deepest folder of a path that there is really is. */
async function deepestExisting(folder: string): Promise<string> {
  return (await unlessMissing(realpath(folder))) ?? deepestExisting(dirname(folder));
}

/** Between two looks at so many files the event loop has its turn: twenty milliseconds. */
const LOOKED_AT_ONCE = 2000;

function lookAt(path: string): FileDetails | null {
  try {
    const { size, mtimeMs } = lstatSync(path);
    // Microseconds are what every tool that copies files keeps.
    return { bytes: size, writtenAt: mtimeMs, version: `${size}-${Math.round(mtimeMs * 1000)}` };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * What lies below a folder and is none, links and pipes as well: whoever reads them is told what they are. A folder
 * below it that cannot be opened is passed over.
 */
async function pathsBelow(root: string, folder = ''): Promise<string[]> {
  const opened = unlessMissing(readdir(join(root, folder), { withFileTypes: true }));
  const entries = folder === '' ? await opened : await opened.catch(unlessDenied);
  const paths: string[] = [];
  for (const entry of entries ?? []) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) paths.push(...(await pathsBelow(root, path)));
    else paths.push(path);
  }
  return paths;
}

function unlessDenied(error: unknown): null {
  if (codeOf(error) === 'EACCES') return null;
  throw error;
}

/** Gives a file another name, unless it is taken: a link, unlike a rename, never replaces what is there. */
async function linked(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a file that was judged by its bytes is that file. */
async function holds(path: string, judged: Uint8Array): Promise<boolean> {
  try {
    return (await readRegularFile(path, path, LARGEST_FILE)).equals(judged);
  } catch (error) {
    if (error instanceof UnusableFile) return false;
    throw error;
  }
}

/** An error of a link, with what to do where the file system knows none. */
export function withHint(error: unknown, url: string): unknown {
  if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) return error;
  const advice = 'put the store on one that has them';
  return new Error(`the file system of ${url} may lack hard links: ${advice}`, { cause: error });
}
