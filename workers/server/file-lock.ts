import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, OWN_IDENTITY, pidOf } from './processes.js';

const RETRY_EVERY_MS = 50;
const GIVE_UP_AFTER_MS = 60_000;
/** Nobody takes longer to write his name; who has not was killed between the two. */
const NAMED_WITHIN_MS = 5_000;

/**
 * Does work that only one process at a time may do. The lock is a file that names its holder, so the lock of a
 * process that was killed does not outlive it.
 *
 * @param path of the lock file, in a folder that exists
 * @throws Error when a running process keeps the lock for a minute, or the file cannot be made at all
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await acquire(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<void> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  while (!(await make(path, `${OWN_IDENTITY}\n`))) {
    const holder = await holderOf(path);
    if (holder !== null && !holder.runs) await release(path, holder.text);
    else if (Date.now() < deadline) await delay(RETRY_EVERY_MS);
    else {
      const who = holder === null ? 'somebody' : `process ${pidOf(holder.text)}`;
      throw new Error(
        `${who} has held ${path} for a minute. If it hangs, end it; if it does not run, remove the file.`,
      );
    }
  }
}

/** False when there is such a file already. */
async function make(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Null when the lock was given up meanwhile. */
async function holderOf(path: string): Promise<{ text: string; runs: boolean } | null> {
  try {
    const text = await readFile(path, 'utf8');
    const { mtimeMs } = await stat(path);
    const named = text.endsWith('\n');
    return {
      text,
      runs: named ? isRunning(text.trimEnd()) : Date.now() - mtimeMs < NAMED_WITHIN_MS,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Removes the lock of a dead holder, unless somebody else was quicker and holds it by now. */
async function release(path: string, deadHolder: string): Promise<void> {
  const removed = `${path}.${randomUUID()}.removed`;
  try {
    await rename(path, removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const text = await readFile(removed, 'utf8');
  if (text !== deadHolder) await make(path, text);
  await rm(removed);
}
