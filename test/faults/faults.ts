import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { vi } from 'vitest';
import type { StudyReference } from '../../study/orchestration.js';
import { SOLVE_QUEUE, shardQueue } from '../../workflows/names.js';
import { ufmSweep } from '../cli/command.js';
import { MEMBERS, type Cluster, type Member } from './cluster.js';
import { BALLAST, fillDisk, isSmallDisk } from '../small-disk.js';
import { look, pollers } from './observer.js';
import { OLDER_VERSION, startOlderWorker } from './older-version.js';
import type { Dice } from './dice.js';

/** Longer than the six seconds after which a worker without a heartbeat is given up. */
const PAST_HEARTBEAT_MS = 8_000;

/** Longer than any call of a worker or a client to the server lasts; the long poll takes a minute. */
const PAST_EVERY_CALL_MS = 75_000;

/** A fault, as it strikes a study under way. */
export interface Fault {
  readonly name: string;
  /** Whether it may take what has landed; then `verify` says so, and `retry` mends it. */
  readonly damages: boolean;
  /** Seconds that it takes, about; the short suite has none of the long ones. */
  readonly seconds: number;
  /** @returns points whose solving was under way, and is lost; null where there was nothing to strike */
  strike(cluster: Cluster, reference: StudyReference, dice: Dice): Promise<number | null>;
}

const SOLVERS = ['solver-1', 'solver-2'] as const;

export const FAULTS: readonly Fault[] = [
  killing('a solver is killed', (dice) => [dice.of(SOLVERS)]),
  killing('both solvers are killed', () => SOLVERS),
  killing('the orchestrator is killed', () => ['orchestrator']),
  killing('the server is killed', () => ['server']),
  killing('the client is killed', () => ['client']),
  killing('all are killed', () => MEMBERS),
  away('the server is away for longer than a heartbeat', PAST_HEARTBEAT_MS),
  away('the server is away for longer than every call', PAST_EVERY_CALL_MS),
  stopping('a solver stands still', (dice) => dice.of(SOLVERS)),
  stopping('the orchestrator stands still', () => 'orchestrator'),
  damaging('a part is truncated', async (file, bytes, dice) => {
    await truncate(file, dice.below(bytes.length));
  }),
  damaging('a part is emptied', (file) => truncate(file, 0)),
  damaging('a bit of a part flips', async (file, bytes, dice) => {
    const at = dice.below(bytes.length);
    bytes[at]! ^= 1 << dice.below(8);
    await writeFile(file, bytes);
  }),
  damaging('a part is deleted', (file) => rm(file)),
  {
    name: 'a loser puts another part in a part’s place',
    damages: true,
    seconds: 0,
    async strike(cluster, _, dice) {
      const parts = await cluster.store.list('parts');
      if (parts.length < 2) return null;
      const [from, to] = [dice.of(parts), dice.of(parts)].map((part) => inStore(cluster, part));
      await writeFile(to!, await readFile(from!));
      return 0;
    },
  },
  {
    name: 'another run solves the same shards',
    damages: false,
    seconds: 5,
    async strike(cluster) {
      const words = ['run', 'study.yaml', '--store', cluster.storeFolder, '--engine', 'local'];
      const { exitCode, stderr } = await ufmSweep(words, { cwd: cluster.folder });
      if (exitCode !== 0) throw new Error(`the other run ended with ${exitCode}: ${stderr}`);
      return 0;
    },
  },
  {
    name: 'the disk is full',
    damages: false,
    seconds: 5,
    async strike(cluster, reference) {
      if (!(await isSmallDisk(cluster.storeFolder))) return null;
      const ballast = path.join(cluster.storeFolder, BALLAST);
      await fillDisk(ballast);
      const complains = async (): Promise<boolean> =>
        !cluster.runs('client') ||
        (await look(cluster, reference)).troubles.some((text) => text.includes('ENOSPC'));
      await vi
        .waitUntil(complains, { timeout: PAST_HEARTBEAT_MS, interval: 100 })
        .catch(() => undefined);
      await rm(ballast);
      return 0;
    },
  },
  {
    name: 'a solver of an older version joins',
    damages: false,
    seconds: 5,
    async strike(cluster, reference) {
      const older = await startOlderWorker(cluster.address, reference.store);
      try {
        const asks = async (): Promise<boolean> =>
          !cluster.runs('client') ||
          (await pollers(cluster, shardQueue(SOLVE_QUEUE, OLDER_VERSION, reference))).length > 0;
        await vi.waitUntil(asks, { timeout: 30_000, interval: 50 });
        // It gets nothing, so that there is nothing to wait for but what it must not get.
        const { troubles } = await look(cluster, reference);
        if (troubles.some((text) => text.includes('another version')))
          throw new Error(`the older version got a shard: ${troubles.join(', ')}`);
      } finally {
        await older.end();
      }
      return 0;
    },
  },
];

function killing(name: string, choose: (dice: Dice) => readonly Member[]): Fault {
  return {
    name,
    damages: false,
    seconds: 1,
    async strike(cluster, reference, dice) {
      const victims = choose(dice);
      const { solvedInFlight } = await look(cluster, reference);
      const lost = victims.map((member) => solvedInFlight.get(cluster.pid(member)) ?? 0);
      await cluster.kill(...victims);
      await cluster.startAll();
      if (victims.includes('client')) await cluster.start('client');
      return lost.reduce((sum, points) => sum + points, 0);
    },
  };
}

function away(name: string, milliseconds: number): Fault {
  return {
    name,
    damages: false,
    seconds: milliseconds / 1000,
    async strike(cluster) {
      await cluster.kill('server');
      await delay(milliseconds);
      await cluster.startAll();
      return 0;
    },
  };
}

function stopping(name: string, choose: (dice: Dice) => Member): Fault {
  return {
    name,
    damages: false,
    seconds: PAST_HEARTBEAT_MS / 1000,
    async strike(cluster, reference, dice) {
      const victim = choose(dice);
      const { solvedInFlight } = await look(cluster, reference);
      cluster.signal(victim, 'SIGSTOP');
      await delay(PAST_HEARTBEAT_MS);
      cluster.signal(victim, 'SIGCONT');
      return solvedInFlight.get(cluster.pid(victim)) ?? 0;
    },
  };
}

function damaging(
  name: string,
  damage: (file: string, bytes: Buffer, dice: Dice) => Promise<void>,
): Fault {
  return {
    name,
    damages: true,
    seconds: 0,
    async strike(cluster, _, dice) {
      const parts = await cluster.store.list('parts');
      if (parts.length === 0) return null;
      const file = inStore(cluster, dice.of(parts));
      await damage(file, await readFile(file), dice);
      return 0;
    },
  };
}

function inStore(cluster: Cluster, file: string): string {
  return path.join(cluster.storeFolder, file);
}
