import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { withLock } from './file-lock.js';
import { identify, isRunning, OWN_IDENTITY } from './processes.js';
import { readRecord, removeRecord } from './server-record.js';

/**
 * A program that runs the embedded server for those who use it, and ends it when none of them lives any more, however they have
 * ended: `node guardian.js FOLDER FOUNDER BINARY ARGUMENT...`.
 *
 * The users are those of the folder's record. The founder, who started this process, counts until the record names it, and where
 * it is gone or damaged.
 */

const LOOK_EVERY_MS = 500;
const STOPPED_WITHIN_MS = 5_000;

/** What it tells who started it. */
export type GuardianMessage = { readonly server: string } | { readonly error: string };

const [folder, founder, binary, ...serverArguments] = process.argv.slice(2) as [
  string,
  string,
  string,
  ...string[],
];

// For the database and all else that the server writes.
process.umask(0o077);
const server = spawn(binary, serverArguments, { stdio: ['ignore', 'inherit', 'inherit'] });
const ended = new Promise<void>((resolve) => {
  server.once('exit', () => {
    resolve();
  });
});
server.once('error', (error) => {
  tell({ error: error.message });
});
server.once('spawn', () => {
  tell({ server: identify(server.pid!) ?? `${server.pid!} 0 ended` });
  process.once('SIGTERM', () => void stop().then(() => process.exit()));
  void watch().then(() => process.exit());
});

function tell(message: GuardianMessage): void {
  process.send?.(message, () => {
    // An open channel would keep this process alive, and the other one as well.
    if (process.connected) process.disconnect();
  });
}

async function watch(): Promise<void> {
  while (server.exitCode === null && server.signalCode === null) {
    await Promise.race([ended, delay(LOOK_EVERY_MS)]);
    if (await isUsed()) continue;
    await endUnlessUsed().catch((error: unknown) => {
      console.error(`guardian: ${(error as Error).message}`);
    });
  }
}

async function isUsed(): Promise<boolean> {
  const record = await readRecord(folder).catch(() => null);
  return record?.guardian === OWN_IDENTITY ? record.users.some(isRunning) : isRunning(founder);
}

/** Whoever joins holds the lock meanwhile. */
async function endUnlessUsed(): Promise<void> {
  // Where the folder is gone, nobody can join.
  if (!existsSync(folder)) return stop();
  await withLock(path.join(folder, 'server.lock'), async () => {
    if (await isUsed()) return;
    const record = await readRecord(folder);
    await stop();
    if (record?.guardian === OWN_IDENTITY) await removeRecord(folder);
  });
}

/** Asks the server to end, and ends it by force when it takes too long. */
async function stop(): Promise<void> {
  server.kill('SIGTERM');
  const force = setTimeout(() => server.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await ended;
  clearTimeout(force);
}
