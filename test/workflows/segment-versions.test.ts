import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { findTemporalBinary } from '../../infra/temporal-binary.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { startEmbeddedServer } from '../../workers/server/embedded-server.js';
import { openServer } from '../../workers/server/server-access.js';
import { CONTROL_QUEUE, SOLVE_QUEUE, workflowId } from '../../workflows/names.js';

const SLOWLY = { timeout: 90_000, interval: 100 };
const SHARDS = 200;

const reference = { store: 'none', study: 'moving', specHash: 'hash' };

it('a study of several segments moves to a new version of its workers, and its segments with it', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-versions-'));
  const binary = (await findTemporalBinary())!;
  const server = await startEmbeddedServer({
    folder,
    binary,
    extraArguments: ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=60'],
  });
  const { address } = server;
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const handedOut: number[] = [];
  const activities = {
    planRound(_: unknown, round: number) {
      const shards = round === 0 ? SHARDS : 0;
      return Promise.resolve({ plan: 'plan', shards, points: shards, cached: 0, failed: 0 });
    },
    async solveShard(_: unknown, _plan: string, shard: number) {
      handedOut.push(shard);
      await delay(200);
      return { points: 1, failed: 0 };
    },
    analyze: () => Promise.resolve(),
  };
  const startVersion = async (buildId: string): Promise<void> => {
    const connection = await NativeConnection.connect({ address });
    const options = {
      ...{ connection, activities },
      workerDeploymentOptions: {
        version: { deploymentName: 'ufm-sweep', buildId },
        useWorkerVersioning: true as const,
        defaultVersioningBehavior: 'PINNED' as const,
      },
    };
    const codePath = createRequire(import.meta.url).resolve('#workflow-bundle');
    const workers = [
      await Worker.create({ ...options, taskQueue: CONTROL_QUEUE, workflowBundle: { codePath } }),
      await Worker.create({ ...options, taskQueue: SOLVE_QUEUE }),
    ];
    const running = Promise.all(workers.map((worker) => worker.run()));
    onTestFinished(async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
    });
    const words = ['worker', 'deployment', 'set-current-version', '--address', address, '--yes'];
    words.push('--deployment-name', 'ufm-sweep', '--build-id', buildId);
    await expect.poll(() => execa(binary, words).then(() => 'current', String), SLOWLY).toBe('current'); // prettier-ignore
  };

  await startVersion('one');
  const studies = await StudyClient.connect(openServer(address));
  onTestFinished(() => studies.close());
  const client = new Client({ connection: await Connection.connect({ address }) });
  onTestFinished(() => client.connection.close());
  await studies.start(reference, { window: 4, again: false, queue: SOLVE_QUEUE });

  const versionOf = async (id: string): Promise<string> => {
    const { raw } = await client.workflow.getHandle(id).describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? 'none';
  };
  /** The segments by the versions that they have run on. */
  const segments = async (): Promise<string[]> => {
    const versions: string[] = [];
    for await (const { workflowId: id } of client.workflow.list({
      query: `WorkflowType = 'segment'`,
    })) {
      // prettier-ignore
      expect(id.startsWith(`${workflowId(reference)}/`)).toBe(true);
      versions.push(await versionOf(id));
    }
    return versions;
  };
  await expect.poll(segments, SLOWLY).toContain('one');
  await startVersion('two');
  expect(await studies.result(reference)).toMatchObject({
    state: 'done',
    progress: { points: { total: SHARDS, done: SHARDS, failed: 0 } },
  });
  expect(handedOut.sort((a, b) => a - b)).toEqual(Array.from({ length: SHARDS }, (_, i) => i));
  expect(await versionOf(workflowId(reference))).toBe('two');
  await expect.poll(segments, SLOWLY).toContain('two');
}, 240_000);
