import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../results/database.js';
import { openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import { latestVersion } from '../../results/studies.js';
import { verifyStudy } from '../../results/verify.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { openServer } from '../../workers/server/server-access.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { SOLVE_QUEUE, shardQueue } from '../../workflows/names.js';
import { SMALL_STUDY } from '../activities/small-study.js';
import { endProcess } from '../end-process.js';
import { OLDER_VERSION, startOlderWorker } from '../faults/older-version.js';
import { ownServer } from '../own-server.js';
import { projectFile, temporaryFolder } from './command.js';

const SLOWLY = { timeout: 90_000, interval: 50 };

describe('solvers of an older numerical version', () => {
  it('get no shard: alone they leave a study waiting, which it says; in a crowd they do not disturb', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'study.yaml'), SMALL_STUDY);
    const server = await ownServer(folder);
    const { address } = server;
    const start = (...words: string[]) => {
      const child = spawn(
        process.execPath,
        [projectFile('dist/cli/main.js'), ...words, '--address', address],
        { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
      );
      onTestFinished(() => endProcess(child));
      const said = { text: '' };
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (said.text += chunk.toString()));
      return { child, said };
    };
    const startOlder = async () => {
      const older = await startOlderWorker(address, store.url);
      onTestFinished(() => older.end());
    };
    const client = await StudyClient.connect(openServer(address));
    onTestFinished(() => client.close());
    const store = openStore(path.join(folder, 'store'));
    const storeId = await claimStore(store);
    const olderOnes = () => client.pollers(shardQueue(SOLVE_QUEUE, OLDER_VERSION, { storeId }));

    await startOlder();
    await expect.poll(olderOnes, SLOWLY).toHaveLength(1);
    start('worker', '--role', 'orchestrator', '--store', 'store');
    const run = start('run', 'study.yaml', '--store', 'store', '--threads', '0');
    const waits =
      `Shards wait, and no worker has asked for any lately: they are for workers of numerical version ${NUMERICAL_VERSION} ` +
      `on the task queue ufm-solve-${storeId.slice(0, 12)}-v${NUMERICAL_VERSION}; start some (ufm-sweep worker --store ${store.url}).`;
    await vi.waitUntil(() => run.said.text.includes(waits), SLOWLY);

    await startOlder();
    await startOlder();
    await expect.poll(olderOnes, SLOWLY).toHaveLength(3);
    const solver = start('worker', '--role', 'solver', '--concurrency', '1', '--store', 'store');
    await vi.waitUntil(() => run.child.exitCode !== null, SLOWLY);
    expect(run.child.exitCode, run.said.text).toBe(0);
    expect(run.said.text).not.toMatch(/again after/);

    expect(await verifyStudy(store, 'small')).toMatchObject({ ok: true });
    const database = await openDatabase(store, (await latestVersion(store, 'small'))!);
    onTestFinished(() => {
      database.close();
    });
    const rows = await database.query<{ attempt: number; worker: string }>(
      'SELECT DISTINCT attempt, worker FROM results',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ attempt: 1 });
    expect(rows[0]!.worker).toMatch(new RegExp(`^${solver.child.pid}@`));
  }, 240_000);
});
