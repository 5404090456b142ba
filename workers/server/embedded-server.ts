import { existsSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './file-lock.js';
import { pause } from '../pause.js';
import { isOurs, isRunning, OWN_IDENTITY, pidOf } from './processes.js';
import { databaseFile } from './server-command.js';
import { becomesHealthy } from './server-health.js';
import { startServer, stopServer, type EmbeddedServerOptions } from './server-process.js';
import { readRecord, removeRecord, writeRecord, type ServerRecord } from './server-record.js';
import { makeOwnFolder } from './state-folder.js';

const LOOK_EVERY_MS = 500;

/** A Temporal dev server on this machine, shared by the processes that use the same folder. */
export interface EmbeddedServer {
  readonly address: string;
  /** Null where the server was started without. */
  readonly webInterface: string | null;
  readonly pid: number;
  /** Whether it was running before: another process uses it, or one that was killed has just left it. */
  readonly found: boolean;
  /** Whether no other process uses it, as this one starts or joins it. */
  readonly isAlone: boolean;
  /**
   * Starts the server again, at the same address, whenever it dies; until the signal comes.
   *
   * @param onTrouble told when it cannot, which is tried again
   */
  supervise(signal: AbortSignal, onTrouble: (error: Error) => void): Promise<void>;
  /** Leaves the server. The last process to leave stops it. */
  stop(): Promise<void>;
}

/**
 * Starts a dev server on an SQLite file, or joins the one that runs on it already. It is a process group of its own:
 * Ctrl-C in the terminal reaches this process, which can then drain before the server goes. However this process ends, the
 * server's guardian ends it within a second or two when nobody else uses it.
 *
 * @throws Error when the server does not come up, with the end of its log
 * @throws ForeignFolderError when others than this user can write in the folder
 */
export async function startEmbeddedServer(given: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const options = { ...given, folder: path.resolve(given.folder) };
  const { folder } = options;
  await makeOwnFolder(folder);
  const joined = await joinServer(options);
  let { record } = joined;
  return {
    address: record.address,
    webInterface: record.webInterface,
    pid: pidOf(record.server),
    found: joined.found,
    isAlone: record.users.every((user) => user === OWN_IDENTITY),
    async supervise(signal, onTrouble) {
      while (await pause(LOOK_EVERY_MS, signal)) {
        if (isRunning(record.server) && isRunning(record.guardian)) continue;
        try {
          ({ record } = await joinServer(options));
        } catch (error) {
          onTrouble(error as Error);
        }
      }
    },
    stop: () => leaveServer(folder, record),
  };
}

/** Makes this process a user of the folder's server, which is started when it does not run. */
function joinServer(
  options: EmbeddedServerOptions,
): Promise<{ record: ServerRecord; found: boolean }> {
  const { folder } = options;
  return withLock(lockFile(folder), async () => {
    const running = await findServer(folder);
    const chosen = running ?? (await startServer(options, await runningServerAddress(folder)));
    const users = [...chosen.users.filter((user) => user !== OWN_IDENTITY), OWN_IDENTITY];
    const record = { ...chosen, users };
    await writeRecord(folder, record);
    return { record, found: running !== null };
  });
}

/**
 * Where the server of a folder answers; null when no running process uses one. A server that has died is started again
 * there by those who use it.
 *
 * @throws ForeignFolderError when others than this user can write in the folder
 */
export async function runningServerAddress(folder: string): Promise<string | null> {
  const record = await readRecord(folder);
  return record?.users.some(isRunning) ? record.address : null;
}

/** The server of this folder if it runs, is guarded and answers; one that is not or does not is stopped. */
async function findServer(folder: string): Promise<ServerRecord | null> {
  const record = await readRecord(folder);
  if (record === null || !isOurs(record.server, [databaseFile(folder)])) return null;
  if (!isRunning(record.guardian) || !(await becomesHealthy(record))) {
    await stopServer(folder, record);
    return null;
  }
  return { ...record, users: record.users.filter(isRunning) };
}

/** @param joined the server that this process knows, which nobody else will stop when the folder was removed */
async function leaveServer(folder: string, joined: ServerRecord): Promise<void> {
  if (!existsSync(folder)) return stopServer(folder, joined);
  await withLock(lockFile(folder), async () => {
    const record = await readRecord(folder);
    if (record === null) return stopServer(folder, joined);
    const users = record.users.filter((user) => user !== OWN_IDENTITY && isRunning(user));
    if (users.length > 0) {
      await writeRecord(folder, { ...record, users });
      return;
    }
    await stopServer(folder, record);
    // Where the record was changed by others than us, it names something else.
    await stopServer(folder, joined);
    await removeRecord(folder);
  });
}

const lockFile = (folder: string): string => path.join(folder, 'server.lock');
