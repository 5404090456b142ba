import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './file-lock.js';
import { pause } from '../pause.js';
import { isRunning, OWN_IDENTITY, pidOf } from './processes.js';
import {
  becomesHealthy,
  startServer,
  stopProcess,
  type EmbeddedServerOptions,
} from './server-process.js';
import { readRecord, removeRecord, writeRecord, type ServerRecord } from './server-record.js';

const LOOK_EVERY_MS = 500;

/** A Temporal dev server on this machine, shared by the processes that use the same folder. */
export interface EmbeddedServer {
  readonly address: string;
  readonly webInterface: string;
  readonly pid: number;
  /** Whether it was running before: another process uses it, or one that was killed has left it behind. */
  readonly found: boolean;
  /** Starts the server again, at the same address, whenever it dies; until the signal comes. */
  supervise(signal: AbortSignal): Promise<void>;
  /** Leaves the server. The last process to leave stops it. */
  stop(): Promise<void>;
}

/**
 * Starts a dev server on an SQLite file, or joins the one that runs on it already. It is a process group of its own:
 * Ctrl-C in the terminal reaches this process, which can then drain before the server goes.
 *
 * @throws Error when the server does not come up, with the end of its log
 */
export async function startEmbeddedServer(given: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const options = { ...given, folder: path.resolve(given.folder) };
  const { folder } = options;
  await mkdir(folder, { recursive: true });
  const { record, found } = await joinServer(options);
  let { server } = record;
  return {
    address: record.address,
    webInterface: record.webInterface,
    pid: pidOf(record.server),
    found,
    async supervise(signal) {
      while (await pause(LOOK_EVERY_MS, signal)) {
        if (!isRunning(server)) ({ server } = (await joinServer(options)).record);
      }
    },
    stop: () => leaveServer(folder, server),
  };
}

/** Makes this process a user of the folder's server, which is started when it does not run. */
function joinServer(
  options: EmbeddedServerOptions,
): Promise<{ record: ServerRecord; found: boolean }> {
  const { folder } = options;
  return withLock(path.join(folder, 'server.lock'), async () => {
    const running = await findServer(folder);
    const chosen = running ?? (await startServer(options));
    const users = [...chosen.users.filter((user) => user !== OWN_IDENTITY), OWN_IDENTITY];
    const record = { ...chosen, users };
    await writeRecord(folder, record);
    return { record, found: running !== null };
  });
}

/**
 * Where the server of a folder answers; null when no running process uses one. A server that has died is started again
 * there by those who use it.
 */
export async function runningServerAddress(folder: string): Promise<string | null> {
  const record = await readRecord(folder);
  return record?.users.some(isRunning) ? record.address : null;
}

/** The server of this folder if it runs and answers; one that hangs is stopped. */
async function findServer(folder: string): Promise<ServerRecord | null> {
  const record = await readRecord(folder);
  if (record === null || !isRunning(record.server)) return null;
  if (!(await becomesHealthy(record))) {
    await stopProcess(record.server);
    return null;
  }
  return { ...record, users: record.users.filter(isRunning) };
}

/** @param joined the server that this process knows, which nobody else will stop when the folder was removed */
async function leaveServer(folder: string, joined: string): Promise<void> {
  if (!existsSync(folder)) return stopProcess(joined);
  await withLock(path.join(folder, 'server.lock'), async () => {
    const record = await readRecord(folder);
    if (record === null) return stopProcess(joined);
    const users = record.users.filter((user) => user !== OWN_IDENTITY && isRunning(user));
    if (users.length > 0) {
      await writeRecord(folder, { ...record, users });
      return;
    }
    await stopProcess(record.server);
    await removeRecord(folder);
  });
}
