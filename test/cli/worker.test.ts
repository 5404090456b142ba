import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openServer } from '../../workers/server/server-access.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { ownShardQueue } from '../../workers/shard-queue.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { newMarkedStore, newStore, saveText, SMALL_STUDY } from '../activities/small-study.js';
import { ownServer } from '../own-server.js';
import { temporaryFolder, ufmSweep } from './command.js';
import { HOST, POLLING, startWorker } from './running-worker.js';

/** The sum of the samples of a metric that have these labels. */
function sampled(exposition: string, name: string, labels: string[] = []): number {
  const samples = exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)));
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

describe('a worker', () => {
  it('serves the metrics of what it solves beside those of Temporal, and is ready while it polls', async () => {
    const folder = await temporaryFolder();
    const server = await ownServer(folder);
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const { child, ask, scrape } = await startWorker(server.address, store.url);
    await expect.poll(() => ask('/readyz'), POLLING).toBe('200 ready\n');

    const client = await StudyClient.connect(openServer(server.address));
    onTestFinished(() => client.close());
    await client.start(reference, { window: 2, again: false, queue: SOLVE_QUEUE });
    expect(await client.result(reference)).toMatchObject({
      state: 'done',
      progress: { points: { done: 9 }, shards: { done: 3 } },
    });

    const metrics = await scrape();
    const queue = `task_queue="${ownShardQueue(SOLVE_QUEUE, reference)}"`;
    const device = ['backend="float64"', 'device="cpu"'];
    expect(sampled(metrics, 'ufm_points_total', ['status="certified"', queue])).toBe(9);
    expect(sampled(metrics, 'ufm_shards_total', ['outcome="done"', queue])).toBe(3);
    expect(sampled(metrics, 'ufm_relative_gap_ratio_bucket', ['le="0.000000001"'])).toBe(9);
    expect(sampled(metrics, 'ufm_point_duration_seconds_count', device)).toBe(9);
    expect(sampled(metrics, 'ufm_point_duration_seconds_sum', device)).toBeGreaterThan(0);
    expect(sampled(metrics, 'ufm_solver_threads')).toBe(1);
    // Those of Temporal, of the same endpoint: three shards, two rounds of planning, an analysis.
    expect(sampled(metrics, 'temporal_activity_execution_latency_seconds_count')).toBe(6);

    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await ask('/healthz')).toBe('no answer');
  });

  it('is alive but not ready while it looks for its server, and when it was asked to stop', async () => {
    const silent = createServer().listen(0, HOST);
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const { child, ask } = await startWorker(
      `${HOST}:${(silent.address() as AddressInfo).port}`,
      (await newMarkedStore()).url,
    );
    await expect.poll(() => ask('/readyz'), POLLING).toBe('503 starting\n');
    expect(await ask('/healthz')).toBe('200 starting\n');
    child.kill('SIGTERM');
    await expect.poll(() => ask('/readyz'), POLLING).toBe('503 draining\n');
    expect(await ask('/healthz')).toBe('200 draining\n');
  });

  it.each([
    [['--metrics', '9464'], /--metrics.*Not HOST:PORT/],
    [['--metrics', 'no-such-host.invalid:9464'], /--metrics: the host no-such-host.invalid/],
    [['--health', '127.0.0.1:70000'], /--health.*Not HOST:PORT/],
    [['--health', '192.0.2.1:8080'], /--health cannot listen on 192.0.2.1:8080/],
  ])('refuses %s as bad usage', async (words, message) => {
    const { exitCode, stderr } = await ufmSweep(['worker', '--address', `${HOST}:1`, ...words]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('says where it cannot serve metrics', async () => {
    const taken = createServer().listen(0, HOST);
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const where = `${HOST}:${(taken.address() as AddressInfo).port}`;
    const { url } = await newMarkedStore();
    const words = ['worker', '--address', `${HOST}:1`, '--metrics', where, '--store', url];
    const { exitCode, stderr } = await ufmSweep(words);
    expect(stderr).toMatch(`Metrics cannot be served at ${where}`);
    expect(exitCode).toBe(1);
  });
});
