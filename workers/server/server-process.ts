import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import getPort, { clearLockedPorts } from 'get-port';
import type { GuardianMessage } from './guardian.js';
import { identify, isOurs, isRunning, OWN_IDENTITY, pidOf } from './processes.js';
import { HOST, databaseFile, serverArguments, serverEnvironment } from './server-command.js';
import { becomesHealthy } from './server-health.js';
import { readRecord, writeRecord, type ServerRecord } from './server-record.js';

/** A guardian gives its server five seconds. */
const STOPPED_WITHIN_MS = 7_000;
/** A free port can be taken by somebody else before the server listens on it. */
const START_ATTEMPTS = 3;

/** What a dev server is started with. */
export interface EmbeddedServerOptions {
  /** Folder of the database, the log and the record of the running server; it is made when missing. */
  readonly folder: string;
  /** Path of the `temporal` binary. */
  readonly binary: string;
  /** Further arguments of `temporal server start-dev`. */
  readonly extraArguments: readonly string[];
  /** Whether Temporal's web interface is served as well; by default it is not. */
  readonly webInterface?: boolean;
}

/**
 * Starts a dev server at the ports of the last one where they are free, and waits until it serves.
 *
 * @param kept where it has to serve, because those who use it know no other address; null when nobody does
 * @throws Error when it does not come up, with the end of its log, or when the address is taken
 */
export async function startServer(
  options: EmbeddedServerOptions,
  kept: string | null = null,
): Promise<ServerRecord> {
  const { folder } = options;
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const record = await spawnServer(options, kept);
    await writeRecord(folder, record);
    if (await becomesHealthy(record)) return record;
    await stopServer(folder, record);
  }
  throw new Error(
    `The embedded Temporal server does not start. The end of ${logFile(folder)}:\n${await endOfLog(folder)}`,
  );
}

async function spawnServer(
  options: EmbeddedServerOptions,
  kept: string | null,
): Promise<ServerRecord> {
  const { folder, binary, extraArguments, webInterface = false } = options;
  const last = await readRecord(folder);
  const grpc = kept === null ? await freePort(last?.address) : await keptPort(kept);
  const ports = {
    grpc,
    webInterface: webInterface
      ? await getPort({ host: HOST, exclude: [grpc], ...portOf(last?.webInterface) })
      : null,
  };
  const log = await open(logFile(folder), 'a', 0o600);
  try {
    const guardian = spawn(
      process.execPath,
      [GUARDIAN, folder, OWN_IDENTITY, binary, ...serverArguments(folder, ports, extraArguments)],
      {
        // Ctrl-C in the terminal is none of theirs.
        detached: true,
        cwd: folder,
        env: serverEnvironment(),
        stdio: ['ignore', log.fd, log.fd, 'ipc'],
      },
    );
    const server = await serverOf(guardian);
    guardian.unref();
    return {
      guardian: identify(guardian.pid!) ?? `${guardian.pid!} 0 ended`,
      server,
      address: `${HOST}:${ports.grpc}`,
      webInterface: ports.webInterface === null ? null : `http://${HOST}:${ports.webInterface}`,
      startedAt: new Date().toISOString(),
      users: [...new Set([...(last?.users.filter(isRunning) ?? []), OWN_IDENTITY])],
    };
  } finally {
    await log.close();
  }
}

/** A process that was killed holds its address for a moment longer than it is seen to run. */
const FREED_WITHIN_MS = 3_000;

async function keptPort(address: string): Promise<number> {
  const deadline = Date.now() + FREED_WITHIN_MS;
  for (;;) {
    const port = await freePort(address);
    if (port === portOf(address).port) return port;
    if (Date.now() > deadline) break;
    await delay(50);
  }
  throw new Error(
    `The embedded Temporal server does not start: another program has taken its address, ${address}.`,
  );
}

/** The port of an address, or another one where that is taken. */
function freePort(address: string | undefined): Promise<number> {
  // get-port does not hand out again for a while what it has handed out, which here is what is wanted.
  clearLockedPorts();
  return getPort({ host: HOST, ...portOf(address) });
}

const GUARDIAN = createRequire(import.meta.url).resolve('#guardian');

/** Waits for the guardian to say what it has started. */
async function serverOf(guardian: ChildProcess): Promise<string> {
  const ended = once(guardian, 'exit').then((): GuardianMessage => ({
    error: 'its guardian has ended',
  }));
  const told = once(guardian, 'message').then(([message]) => message as GuardianMessage);
  const message = await Promise.race([told, ended]);
  if ('server' in message) return message.server;
  throw new Error(`The embedded Temporal server does not start: ${message.error}`);
}

/** The port of a server that has died, which those who are connected to it try again. */
function portOf(address: string | null | undefined): { port?: number } {
  if (address === undefined || address === null) return {};
  return { port: Number(address.slice(address.lastIndexOf(':') + 1)) };
}

/**
 * Ends the server of a folder and its guardian, by force when they take too long. Processes that the record names and that are
 * not provably these are left alone.
 */
export async function stopServer(
  folder: string,
  { guardian, server }: Pick<ServerRecord, 'guardian' | 'server'>,
): Promise<void> {
  const ours = [
    ...(isOurs(guardian, [GUARDIAN, folder]) ? [guardian] : []),
    ...(isOurs(server, [databaseFile(folder)]) ? [server] : []),
  ];
  // The guardian ends its server; where it was killed, the server is asked.
  const [asked] = ours;
  if (asked !== undefined) sendSignal(asked, 'SIGTERM');
  const deadline = Date.now() + STOPPED_WITHIN_MS;
  while (ours.some(isRunning)) {
    await delay(20);
    if (Date.now() > deadline) for (const one of ours) sendSignal(one, 'SIGKILL');
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
