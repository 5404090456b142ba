import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { solveShard } from '../../activities/solve-shard.js';
import type { Solver } from '../../activities/solver.js';
import { underTemporal } from '../../activities/temporal.js';
import { openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import { saveStudy } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import { specHash } from '../../study/key.js';
import { formatProblems, parseStudy } from '../../study/parse.js';
import type { Solution } from '../../ufm/solution.js';
import { connectClient } from '../../workers/server/connection.js';
import type { ServerAccess } from '../../workers/server/server-access.js';
import { startOrchestrator } from '../../workers/orchestrator.js';
import { ServedStores } from '../../workers/stores/served-stores.js';
import { startWorker } from '../../workers/running-worker.js';
import { ownShardQueue } from '../../workers/shard-queue.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { SOLVE_QUEUE, workflowId } from '../../workflows/names.js';
import { countHistories, type Histories } from '../scale/histories.js';
import { studyText } from '../scale/study.js';
import { cpuSecondsOf } from './process-tree.js';

/** What a server had to do for a study whose shards are waited for, not solved. */
export interface ServerRun {
  readonly shards: number;
  /** Shards in flight at most, and as many are worked on. */
  readonly window: number;
  /** How long each shard took whoever "solved" it; 0 for no time at all. */
  readonly shardSeconds: number;
  /** Wall-clock seconds from the start of the workflow to its end, planning included. */
  readonly seconds: number;
  /** CPU seconds, of the server with its database and of this process: orchestrator, worker and planning. */
  readonly cpuSeconds: { readonly server: number; readonly workers: number };
  /** Of the histories of all runs, since a run continues as a new one, and of segments. */
  readonly runs: number;
  readonly events: number;
  readonly historyBytes: number;
}

/** A server under measurement. */
export interface MeasuredServer {
  readonly access: ServerAccess;
  /** Processes of the server and its database, without their children. */
  readonly pids: readonly number[];
}

const POINTS_PER_SHARD = 4;

/** CPU seconds that the server takes a second while nothing runs on it. */
export async function idleLoad({ pids }: MeasuredServer, seconds: number): Promise<number> {
  const before = cpuSecondsOf(pids);
  await delay(1000 * seconds);
  return (cpuSecondsOf(pids) - before) / seconds;
}

/** Runs a study of so many shards, a multiple of 250, in which every shard is waited for. */
export async function serverRun(
  { access, pids }: MeasuredServer,
  { shards, window, shardSeconds }: Pick<ServerRun, 'shards' | 'window' | 'shardSeconds'>,
): Promise<ServerRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-capacity-'));
  const text = studyText(shards * POINTS_PER_SHARD, POINTS_PER_SHARD);
  const parsed = parseStudy(text, 'study.yaml');
  if (!parsed.ok) throw new Error(formatProblems('study.yaml', parsed.problems));
  const store = openStore(folder);
  await claimStore(store);
  const version = await saveStudy(store, parsed.study, specHash(parsed.study), text);
  const reference = await referenceTo(store, version);
  const client = await StudyClient.connect(access);
  const identity = `${process.pid}@waiting`;
  const solver = waitingSolver(shardSeconds);
  const workers = [
    // Parts that are empty have nothing to analyze.
    await startOrchestrator(access, ServedStores.ofStudy(reference), {
      analyze: () => Promise.resolve(),
    }),
    await startWorker(access, {
      taskQueue: ownShardQueue(SOLVE_QUEUE, reference),
      identity,
      activities: {
        solveShard: (_: unknown, plan: string, shard: number) =>
          underTemporal(
            (surroundings) =>
            solveShard({ reference, plan, shard }, solver, { identity, codeVersion: '' }, surroundings), // prettier-ignore
          ),
      },
      maxConcurrentActivityTaskExecutions: window,
    }),
  ];
  try {
    const before = { server: cpuSecondsOf(pids), own: process.cpuUsage(), at: performance.now() };
    await client.start(reference, { window, again: false, queue: SOLVE_QUEUE });
    const result = await client.result(reference);
    if (result.state !== 'done') throw new Error(`the study is ${result.state}`);
    const { user, system } = process.cpuUsage(before.own);
    return {
      shards,
      window,
      shardSeconds,
      seconds: (performance.now() - before.at) / 1000,
      cpuSeconds: { server: cpuSecondsOf(pids) - before.server, workers: (user + system) / 1e6 },
      ...(await countHistory(access, workflowId(reference))),
    };
  } finally {
    await Promise.allSettled(workers.map((worker) => worker.stop()));
    await client.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Solves nothing, in so many seconds a shard. */
function waitingSolver(shardSeconds: number): Solver {
  return {
    lanes: 1,
    solve: (instances) => Promise.resolve(instances.map(() => ({ seconds: 1e-9 }) as Solution)),
    solvePart: async ({ points }, signal) => {
      if (shardSeconds > 0) await delay(1000 * shardSeconds, undefined, { signal });
      const outcome = { points: points.length, failed: 0 };
      return { bytes: new Uint8Array(), facts: new Uint8Array(), outcome, measures: [] };
    },
  };
}

async function countHistory(access: ServerAccess, id: string): Promise<Histories> {
  const client = await connectClient(access);
  try {
    return await countHistories(client, id);
  } finally {
    await client.connection.close();
  }
}
