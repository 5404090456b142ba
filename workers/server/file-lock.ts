import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, OWN_IDENTITY, pidOf } from './processes.js';

const RETRY_EVERY_MS = 50;
const GIVE_UP_AFTER_MS = 60_000;

/**
 * Does work that only one process at a time may do. The lock is a file that names its holder, so the lock of a
 * process that was killed does not outlive it.
 *
 * @param path of the lock file, in a folder that exists
 * @throws Error when a running process keeps the lock for a minute
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
  const claim = `${path}.${process.pid}`;
  await writeFile(claim, OWN_IDENTITY);
  try {
    const deadline = Date.now() + GIVE_UP_AFTER_MS;
    // A link is made only where there is no file yet, with its content complete from the start.
    while (!(await succeeds(link(claim, path)))) {
      const holder = await readFile(path, 'utf8').catch(() => null);
      if (holder === null) continue;
      if (!isRunning(holder)) await release(path, holder);
      else if (Date.now() > deadline) {
        throw new Error(
          `Process ${pidOf(holder)} has held ${path} for a minute. If it hangs, end it and try again.`,
        );
      } else await delay(RETRY_EVERY_MS);
    }
  } finally {
    await rm(claim, { force: true });
  }
}

/** Removes the lock of a dead holder, unless somebody else was quicker and holds it by now. */
async function release(path: string, deadHolder: string): Promise<void> {
  const removed = `${path}.${process.pid}.removed`;
  if (!(await succeeds(rename(path, removed)))) return;
  if ((await readFile(removed, 'utf8')) !== deadHolder) await succeeds(link(removed, path));
  await rm(removed);
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
