import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import protocol from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findTemporalBinary } from '../../infra/temporal-binary.js';
import { openDatabase } from '../../results/database.js';
import { openStore } from '../../results/open-store.js';
import { readMarker } from '../../results/store-identity.js';
import { latestVersion } from '../../results/studies.js';
import type { StudyReference } from '../../study/orchestration.js';
import { verifyStudy } from '../../results/verify.js';
import { connectClient } from '../../workers/server/connection.js';
import { openServer } from '../../workers/server/server-access.js';
import { startEmbeddedServer, type EmbeddedServer } from '../../workers/server/embedded-server.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { ownShardQueue } from '../../workers/shard-queue.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { longStudy } from '../activities/long-study.js';
import { ufmSweep } from '../cli/command.js';
import { truthOf } from '../faults/judge.js';
import { Host, hostsProblem, mountPoint, sharedFolder, type Site } from './host.js';

const PROBLEM = hostsProblem();
if (PROBLEM !== null)
  console.log(`Several hosts are not tested: this machine makes none (${PROBLEM}).`);

const SLOWLY = { timeout: 90_000, interval: 50 };

/** In shards so small that each host has landed some long before the study ends. */
const SEEDS = 48;
const POINTS = 48 * SEEDS;
const STUDY = longStudy(SEEDS).replace('shardSize: 64', 'shardSize: 16');

let server: EmbeddedServer;
let site: Site;

describe.skipIf(PROBLEM !== null)('a study on several hosts', () => {
  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ufm-hosts-'));
    const binary = (await findTemporalBinary())!;
    server = await startEmbeddedServer({ folder: path.join(folder, 'server'), binary, extraArguments: [] }); // prettier-ignore
    site = { folder, server: server.address };
    await writeFile(path.join(folder, 'study.yaml'), STUDY);
  });
  afterAll(async () => {
    await server.stop();
    await rm(site.folder, { recursive: true, force: true });
  });

  it('spreads over them, and loses nothing when one is lost and one is cut off for a while', async () => {
    const store = openStore(sharedFolder(site));
    const solver = [
      'worker',
      '--role',
      'solver',
      '--concurrency',
      '1',
      '--store',
      mountPoint(site),
    ];
    const hosts = {
      control: await Host.start(site, 'control', [
        'worker',
        '--role',
        'orchestrator',
        '--store',
        mountPoint(site),
      ]),
      steady: await Host.start(site, 'steady', solver),
      lost: await Host.start(site, 'lost', solver, solver),
      cut: await Host.start(site, 'cut', solver),
    };
    const words = [
      'run',
      'study.yaml',
      '--store',
      mountPoint(site),
      '--threads',
      '0',
      '--window',
      '10',
      '--json',
    ];
    const desk = await Host.start(site, 'desk', words);
    try {
      const version = await vi.waitUntil(() => latestVersion(store, 'long'), SLOWLY);
      const reference = {
        store: mountPoint(site),
        storeId: (await readMarker(store))!,
        ...version,
      };
      const client = await StudyClient.connect(openServer(site.server));
      /** How many shards a host is solving, as the server knows. */
      const inFlight = async (host: string): Promise<number> => {
        const { inFlight: shards } = await client.look(reference);
        return [...shards].reduce((sum, [worker, n]) => sum + (worker.endsWith(`@${host}`) ? n : 0), 0); // prettier-ignore
      };
      const solvedBy = (): Promise<Record<string, number>> => rowsByHost(version.specHash);
      try {
        await vi.waitUntil(async () => {
          const rows = await solvedBy();
          return ['steady', 'lost', 'cut'].every((host) => (rows[host] ?? 0) > 0);
        }, SLOWLY);
        await vi.waitUntil(async () => (await inFlight('cut')) > 0, SLOWLY);
        await hosts.cut.unplug();
        await vi.waitUntil(async () => (await inFlight('lost')) > 0, SLOWLY);
        await hosts.lost.lose();
        // Nobody knows yet: they are missed when their heartbeats are.
        expect(await inFlight('lost')).toBeGreaterThan(0);
        const before = await solvedBy();
        // So that there is something left to solve, however fast this machine is, when the cable is back.
        await client.pause(reference);
        await vi.waitUntil(async () => (await inFlight('lost')) + (await inFlight('cut')) === 0, SLOWLY); // prettier-ignore
        const pluggedIn = Date.now();
        await hosts.cut.plugIn();
        // It takes the worker up to a minute to give up the line that was cut.
        await vi.waitUntil(async () => (await askedAt('cut', reference)) > pluggedIn, SLOWLY);
        await client.resume(reference);
        await vi.waitUntil(async () => ((await solvedBy())['cut'] ?? 0) > before['cut']!, SLOWLY);
        const { code, stdout, stderr } = await desk.ended;
        expect(code, stderr).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ state: 'done', points: { done: POINTS } });
        console.log(`Points by host: ${JSON.stringify(await solvedBy())}`);
      } finally {
        await client.close();
      }
    } finally {
      await Promise.all([desk, ...Object.values(hosts)].map((host) => host.lose()));
    }

    expect(await verifyStudy(store, 'long')).toMatchObject({
      ok: true,
      points: { expected: POINTS, present: POINTS, duplicate: 0 },
    });
    // What was published went through the mounts of the hosts.
    expect(await readdir(mountPoint(site))).toEqual([]);
    const alone = path.join(site.folder, 'alone');
    const run = ['run', 'study.yaml', '--store', alone, '--engine', 'local'];
    expect(await ufmSweep(run, { cwd: site.folder })).toMatchObject({ exitCode: 0 });
    expect(await truthOf(store, 'long')).toEqual(await truthOf(openStore(alone), 'long'));
  }, 240_000);
});

/** When a host has last asked for shards, in milliseconds since 1970; the server forgets it after minutes. */
async function askedAt(host: string, reference: StudyReference): Promise<number> {
  const client = await connectClient(openServer(site.server));
  try {
    const { pollers } = await client.connection.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name: ownShardQueue(SOLVE_QUEUE, reference) },
      taskQueueType: protocol.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    });
    const times = pollers
      .filter(({ identity }) => identity?.endsWith(`@${host}`))
      .map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
    return Math.max(0, ...times);
  } finally {
    await client.connection.close();
  }
}

/** How many rows each host has solved. */
async function rowsByHost(specHash: string): Promise<Record<string, number>> {
  const database = await openDatabase(openStore(sharedFolder(site)), { study: 'long', specHash });
  try {
    const rows = await database.query<{ host: string; points: number }>(
      `SELECT split_part(worker, '@', 2) AS host, count(*) AS points FROM results GROUP BY host`,
    );
    return Object.fromEntries(rows.map(({ host, points }) => [host, points]));
  } finally {
    database.close();
  }
}
