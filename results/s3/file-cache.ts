import { createHash, randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file that was used within this time may be open in some process: it stays, whatever its size. */
const IN_USE_MS = 3_600_000;

const UNFINISHED = '.unfinished';

/**
 * Copies of remote files on this machine's disk, shared by all its processes. A copy lies at
 * `<version>/<sha256>/<name>`: written under another name first, never changed, and checked whenever it is found again.
 */
export class FileCache {
  readonly #folder: string;
  readonly #limit: number;
  readonly #inUse: number;
  /** Copies that this process has written or read, by version and name. */
  readonly #checked = new Map<string, string>();
  #unpruned = Infinity;

  /**
   * @param folder made when it is missing
   * @param limit bytes that the copies may take, apart from those that may be open
   * @param inUse how long after its last use a copy may be open, in milliseconds
   */
  constructor(folder: string, limit: number, inUse = IN_USE_MS) {
    this.#folder = folder;
    this.#limit = limit;
    this.#inUse = inUse;
  }

  /** The bytes of a version of a file; null when there is no copy of it, or a damaged one. */
  async find(version: string, name: string): Promise<Uint8Array | null> {
    const folder = join(this.#folder, asFolder(version));
    for (const sha256 of await readdir(folder).catch(() => [])) {
      const path = join(folder, sha256, basename(name));
      const bytes = await readFile(path).catch(() => null);
      if (bytes === null || digest(bytes) !== sha256) continue;
      await markUsed(path);
      this.#checked.set(join(version, name), path);
      return bytes;
    }
    return null;
  }

  /** Where a version of a file lies here; null as above. What this process has checked it does not read again. */
  async locate(version: string, name: string): Promise<string | null> {
    const known = this.#checked.get(join(version, name));
    if (known !== undefined && (await markUsed(known))) return known;
    const found = await this.find(version, name);
    return found === null ? null : this.#checked.get(join(version, name))!;
  }

  /** Keeps a version of a file, and returns where. */
  async keep(version: string, name: string, bytes: Uint8Array): Promise<string> {
    const folder = join(this.#folder, asFolder(version), digest(bytes));
    const path = join(folder, basename(name));
    const unfinished = join(this.#folder, randomUUID() + UNFINISHED);
    await mkdir(this.#folder, { recursive: true });
    await writeFile(unfinished, bytes);
    await moveInto(folder, unfinished, path);
    this.#checked.set(join(version, name), path);
    this.#unpruned += bytes.length;
    // Walking the cache costs more the larger it is: not at every file.
    if (this.#unpruned > this.#limit / 16) {
      this.#unpruned = 0;
      await this.#prune();
    }
    return path;
  }

  /** Forgets a version. */
  async drop(version: string): Promise<void> {
    await rm(join(this.#folder, asFolder(version)), { recursive: true, force: true });
  }

  /** Removes what was not used for longest, until the rest fits, and folders without copies. Other processes may do the same. */
  async #prune(): Promise<void> {
    const folders = await this.#foldersOfCopies();
    const copies = await Promise.all(folders.map(async (folder) => inFolder(folder, await entriesOf(folder)))); // prettier-ignore
    const paths = [...(await this.#unfinished()), ...copies.flat()];
    const files = await Promise.all(
      paths.map(async (path) => {
        const status = await stat(path).catch(() => null);
        return { path, size: status?.size ?? 0, usedAt: status?.mtimeMs ?? 0 };
      }),
    );
    let total = files.reduce((sum, { size }) => sum + size, 0);
    const unused = files.filter(({ path, usedAt }) => {
      // Somebody may be writing it just now, however short a time copies are in use.
      const inUse = path.endsWith(UNFINISHED) ? IN_USE_MS : this.#inUse;
      return usedAt < Date.now() - inUse;
    });
    for (const { path, size } of unused.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= this.#limit) break;
      await unlink(path).catch(() => undefined);
      total -= size;
    }
    for (const folder of folders) {
      // One that has copies stays.
      const removed = rmdir(folder).then(() => rmdir(dirname(folder)));
      await removed.catch(() => undefined);
    }
  }

  // The cache's folder may be shared: whatever has another name than this program gives is somebody else's.

  async #unfinished(): Promise<string[]> {
    const entries = await entriesOf(this.#folder);
    return inFolder(this.#folder, entries.filter(({ name }) => /^[0-9a-f-]{36}\.unfinished$/.test(name))); // prettier-ignore
  }

  async #foldersOfCopies(): Promise<string[]> {
    const entries = await entriesOf(this.#folder);
    const versions = entries.filter((entry) => entry.isDirectory() && /^[\w-]+$/.test(entry.name));
    const below = versions.map(async ({ name }) => {
      const folder = join(this.#folder, name);
      const isOfCopy = (entry: Dirent): boolean => entry.isDirectory() && /^[0-9a-f]{64}$/.test(entry.name); // prettier-ignore
      return (await entriesOf(folder)).filter(isOfCopy).map((entry) => join(folder, entry.name));
    });
    return (await Promise.all(below)).flat();
  }
}

/** None of a folder that another process has removed. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

function inFolder(folder: string, entries: readonly Dirent[]): string[] {
  return entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
}

/** Moves a file into a folder that is made for it. Another process may remove that as empty just then. */
async function moveInto(folder: string, from: string, to: string, tries = 5): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 1) throw error;
    await moveInto(folder, from, to, tries - 1);
  }
}

/** A version is an ETag in quotes, of any characters that HTTP allows. */
function asFolder(version: string): string {
  return version.replaceAll('"', '').replaceAll(/[^\w-]/g, '_');
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Whether it could be marked: it is there, and not on a disk that is only to be read. */
async function markUsed(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}
