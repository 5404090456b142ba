import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { vi } from 'vitest';
import { SOLVE_QUEUE, shardQueue } from '../../workflows/names.js';
import { EXIT } from '../../cli/exit-codes.js';
import { ufmSweep } from '../cli/command.js';
import type { Cluster } from './cluster.js';
import { PATIENCE_MS, type Fault } from './fault.js';
import { look, pollers, solvedByAll } from './observer.js';
import { OLDER_VERSION, startOlderWorker } from './older-version.js';
import { BESIDE, STUDY_NAME } from './study.js';
import type { Moment } from './moments.js';

/** Others who work in the same store, and people who change their minds. */
export const COMPANY: readonly Fault[] = [
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
    name: 'another host runs the study with a server of its own',
    damages: false,
    seconds: 20,
    async strike(cluster) {
      const state = await mkdtemp(path.join(cluster.folder, 'state-'));
      const words = ['run', 'study.yaml', '--store', cluster.storeFolder, '--engine', 'temporal'];
      const env = { XDG_STATE_HOME: state, TEMPORAL_ADDRESS: '', NO_COLOR: '1' };
      const { exitCode, stderr } = await ufmSweep(words, { cwd: cluster.folder, env });
      if (exitCode !== 0) throw new Error(`the other host's run ended with ${exitCode}: ${stderr}`);
      await rm(state, { recursive: true });
      return 0;
    },
  },
  {
    name: 'two people analyze the study',
    damages: false,
    seconds: 5,
    async strike(cluster) {
      await Promise.all([analyze(cluster), analyze(cluster)]);
      return 0;
    },
  },
  {
    name: 'another study of the store runs beside it',
    damages: false,
    seconds: 20,
    async strike(cluster) {
      const words = ['run', BESIDE, '--store', cluster.storeFolder, '--threads', '0'];
      const { exitCode, stderr } = await ufmSweep([...words, '--address', cluster.address], {
        cwd: cluster.folder,
      });
      if (exitCode !== 0) throw new Error(`the other study ended with ${exitCode}: ${stderr}`);
      return 0;
    },
  },
  cancelling('the study is cancelled while it is planned, and run again', ['planning']),
  cancelling('the study is cancelled while it is solved, and run again', [
    'solving',
    'writing',
    'refining',
  ]),
  cancelling('the study is cancelled while it is analyzed, and run again', ['analyzing']),
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
        await vi.waitUntil(asks, { timeout: PATIENCE_MS, interval: 50 });
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

function cancelling(name: string, moments: readonly Moment[]): Fault {
  return {
    name,
    damages: false,
    seconds: 5,
    moments,
    async strike(cluster, reference) {
      const solved = solvedByAll(await look(cluster, reference));
      const words = ['cancel', STUDY_NAME, '--store', cluster.storeFolder];
      const { exitCode, stderr } = await ufmSweep([...words, '--address', cluster.address], {
        cwd: cluster.folder,
      });
      // It may have ended by itself a moment before.
      if (exitCode !== 0 && !stderr.includes('does not run')) {
        throw new Error(`cancelling ended with ${exitCode}: ${stderr}`);
      }
      await vi.waitUntil(() => !cluster.runs('client'), { timeout: PATIENCE_MS, interval: 50 });
      await cluster.start('client');
      return solved;
    },
  };
}

async function analyze(cluster: Cluster): Promise<void> {
  const words = ['analyze', STUDY_NAME, '--store', cluster.storeFolder];
  const { exitCode, stderr } = await ufmSweep(words, { cwd: cluster.folder });
  // Of a study that is not planned yet there is nothing to analyze.
  if (exitCode === 0 || exitCode === EXIT.failedPoints) return;
  throw new Error(`analyzing ended with ${exitCode}: ${stderr}`);
}
