import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import getPort, { clearLockedPorts } from 'get-port';
import { SEARCH_ATTRIBUTES } from '../workflows/names.js';
import { withLock } from './file-lock.js';
import { pause } from './pause.js';
import { identify, isRunning, OWN_IDENTITY, pidOf } from './processes.js';

const HOST = '127.0.0.1';
const HEALTHY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 500;
/** A free port can be taken by somebody else before the server listens on it. */
const START_ATTEMPTS = 3;

/** The dev server's default costs twice the time; WAL with NORMAL still survives kill -9 of the server. */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

export interface EmbeddedServerOptions {
  /** Folder of the database, the log and the record of the running server; it is made when missing. */
  readonly folder: string;
  /** Path of the `temporal` binary. */
  readonly binary: string;
  /** Further arguments of `temporal server start-dev`. */
  readonly extraArguments: readonly string[];
}

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

/** What is written down beside the database, so that whoever comes next finds the server. */
interface ServerRecord {
  readonly server: string;
  readonly address: string;
  readonly webInterface: string;
  readonly startedAt: string;
  /** Identities of the processes that use the server. */
  readonly users: readonly string[];
}

/**
 * Starts a dev server on an SQLite file, or joins the one that runs on it already. It is a process group of its own:
 * Ctrl-C in the terminal reaches this process, which can then drain before the server goes.
 *
 * @throws Error when the server does not come up, with the end of its log
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const folder = path.resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const { record, found } = await joinServer(folder, options);
  return {
    address: record.address,
    webInterface: record.webInterface,
    pid: pidOf(record.server),
    found,
    async supervise(signal) {
      let { server } = record;
      while (await pause(LOOK_EVERY_MS, signal)) {
        if (!isRunning(server)) ({ server } = (await joinServer(folder, options)).record);
      }
    },
    stop: () => leaveServer(folder),
  };
}

/** Makes this process a user of the folder's server, which is started when it does not run. */
function joinServer(
  folder: string,
  options: EmbeddedServerOptions,
): Promise<{ record: ServerRecord; found: boolean }> {
  return withLock(path.join(folder, 'server.lock'), async () => {
    const running = await findServer(folder);
    const chosen = running ?? (await startServer(folder, options));
    const users = [...chosen.users.filter((user) => user !== OWN_IDENTITY), OWN_IDENTITY];
    const record = { ...chosen, users };
    await writeRecord(folder, record);
    return { record, found: running !== null };
  });
}

/** Where the server of a folder answers; null when no running process uses one. */
export async function runningServerAddress(folder: string): Promise<string | null> {
  const record = await readRecord(folder);
  if (record === null || !isRunning(record.server)) return null;
  return record.users.some(isRunning) ? record.address : null;
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

async function startServer(folder: string, options: EmbeddedServerOptions): Promise<ServerRecord> {
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const record = await spawnServer(folder, options);
    await writeRecord(folder, record);
    if (await becomesHealthy(record)) return record;
    await stopProcess(record.server);
  }
  throw new Error(
    `The embedded Temporal server does not start. The end of ${logFile(folder)}:\n${await endOfLog(folder)}`,
  );
}

async function spawnServer(folder: string, options: EmbeddedServerOptions): Promise<ServerRecord> {
  const last = await readRecord(folder);
  // get-port does not hand out again for a while what it has handed out, which here is what is wanted.
  clearLockedPorts();
  const port = await getPort({ host: HOST, ...portOf(last?.address) });
  const webPort = await getPort({ host: HOST, exclude: [port], ...portOf(last?.webInterface) });
  const arguments_ = [
    ...['server', 'start-dev', '--ip', HOST, '--port', String(port), '--ui-port', String(webPort)],
    ...['--db-filename', path.join(folder, 'temporal.db'), '--log-level', 'warn'],
    ...SQLITE_PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...SEARCH_ATTRIBUTES.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ...options.extraArguments,
  ];
  const log = await open(logFile(folder), 'a');
  try {
    const child = spawn(options.binary, arguments_, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const pid = child.pid!;
    return {
      server: identify(pid) ?? String(pid),
      address: `${HOST}:${port}`,
      webInterface: `http://${HOST}:${webPort}`,
      startedAt: new Date().toISOString(),
      users: last?.users.filter(isRunning) ?? [],
    };
  } finally {
    await log.close();
  }
}

/** The port of a server that has died, which those who are connected to it try again. */
function portOf(address: string | undefined): { port?: number } {
  return address === undefined ? {} : { port: Number(address.slice(address.lastIndexOf(':') + 1)) };
}

/** Waits until the server serves its default namespace; false when it stops or takes too long. */
async function becomesHealthy(record: ServerRecord): Promise<boolean> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  while (Date.now() < deadline && isRunning(record.server)) {
    if (await isHealthy(record.address)) return true;
    await delay(100);
  }
  return false;
}

async function isHealthy(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '1s' });
    try {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace: 'default' }),
      );
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

async function leaveServer(folder: string): Promise<void> {
  await withLock(path.join(folder, 'server.lock'), async () => {
    const record = await readRecord(folder);
    if (record === null) return;
    const users = record.users.filter((user) => user !== OWN_IDENTITY && isRunning(user));
    if (users.length > 0) {
      await writeRecord(folder, { ...record, users });
      return;
    }
    await stopProcess(record.server);
    await rm(recordFile(folder), { force: true });
  });
}

async function stopProcess(identity: string): Promise<void> {
  const deadline = Date.now() + STOPPED_WITHIN_MS;
  sendSignal(identity, 'SIGTERM');
  while (isRunning(identity)) {
    await delay(20);
    if (Date.now() > deadline) sendSignal(identity, 'SIGKILL');
  }
}

function sendSignal(identity: string, signal: NodeJS.Signals): void {
  try {
    if (isRunning(identity)) process.kill(pidOf(identity), signal);
  } catch (error) {
    // It may have ended in between, which is what was asked for.
    if (isRunning(identity)) throw error;
  }
}

const recordFile = (folder: string): string => path.join(folder, 'server.json');
const logFile = (folder: string): string => path.join(folder, 'server.log');

/** Null when there is none, or none that can be read: then nobody can know of a server here. */
async function readRecord(folder: string): Promise<ServerRecord | null> {
  try {
    return JSON.parse(await readFile(recordFile(folder), 'utf8')) as ServerRecord;
  } catch {
    return null;
  }
}

async function writeRecord(folder: string, record: ServerRecord): Promise<void> {
  const temporary = `${recordFile(folder)}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
  await rename(temporary, recordFile(folder));
}

async function endOfLog(folder: string): Promise<string> {
  const text = await readFile(logFile(folder), 'utf8').catch(() => '(no log)');
  return text.trimEnd().split('\n').slice(-10).join('\n');
}
