import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import getPort, { clearLockedPorts } from 'get-port';
import { SEARCH_ATTRIBUTES } from '../../workflows/names.js';
import { identify, isRunning, pidOf } from './processes.js';
import { readRecord, writeRecord, type ServerRecord } from './server-record.js';

const HOST = '127.0.0.1';
const HEALTHY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 5_000;
/** A free port can be taken by somebody else before the server listens on it. */
const START_ATTEMPTS = 3;

/** The dev server's default costs twice the time; WAL with NORMAL still survives kill -9 of the server. */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

/** What a dev server is started with. */
export interface EmbeddedServerOptions {
  /** Folder of the database, the log and the record of the running server; it is made when missing. */
  readonly folder: string;
  /** Path of the `temporal` binary. */
  readonly binary: string;
  /** Further arguments of `temporal server start-dev`. */
  readonly extraArguments: readonly string[];
}

/**
 * Starts a dev server at the ports of the last one where they are free, and waits until it serves.
 *
 * @throws Error when it does not come up, with the end of its log
 */
export async function startServer(options: EmbeddedServerOptions): Promise<ServerRecord> {
  const { folder } = options;
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const record = await spawnServer(options);
    await writeRecord(folder, record);
    if (await becomesHealthy(record)) return record;
    await stopProcess(record.server);
  }
  throw new Error(
    `The embedded Temporal server does not start. The end of ${logFile(folder)}:\n${await endOfLog(folder)}`,
  );
}

async function spawnServer({
  folder,
  binary,
  extraArguments,
}: EmbeddedServerOptions): Promise<ServerRecord> {
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
    ...extraArguments,
  ];
  const log = await open(logFile(folder), 'a');
  try {
    const child = spawn(binary, arguments_, {
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
export async function becomesHealthy(record: ServerRecord): Promise<boolean> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  while (Date.now() < deadline && isRunning(record.server)) {
    if (await isHealthy(record.address)) return true;
    await delay(100);
  }
  return false;
}

async function isHealthy(address: string): Promise<boolean> {
  // Loading it takes a while, in which the server starts.
  const { Connection } = await import('@temporalio/client');
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

/** Ends a process, by force when it takes too long. */
export async function stopProcess(identity: string): Promise<void> {
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

const logFile = (folder: string): string => path.join(folder, 'server.log');

async function endOfLog(folder: string): Promise<string> {
  const text = await readFile(logFile(folder), 'utf8').catch(() => '(no log)');
  return text.trimEnd().split('\n').slice(-10).join('\n');
}
