import { once } from 'node:events';
import { rename, symlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { verifyStudy } from '../../results/verify.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { openServer } from '../../workers/server/server-access.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { LONG_POINTS, longStudy } from '../activities/long-study.js';
import { saveText } from '../activities/small-study.js';
import { temporaryFolder } from '../cli/command.js';
import { POLLING, startWorker } from '../cli/running-worker.js';
import { sharedServer } from '../own-server.js';

const sharedAddress = sharedServer();
const PATIENCE = { timeout: 120_000, interval: 50 };
const AWAY_MS = 15_000;

const SEEDS = 16;
/** As of `longStudy`. */
const POINTS = (LONG_POINTS / 64) * SEEDS;
const DONE = { state: 'done', progress: { points: { total: POINTS, done: POINTS, failed: 0 } } };

/** A study in a store that has a second way to it, as on another machine: a link, which can be taken away. */
async function site() {
  const folder = await temporaryFolder();
  const address = sharedAddress();
  const client = await StudyClient.connect(openServer(address));
  onTestFinished(() => client.close());
  const store = openStore(path.join(folder, 'store'));
  const reference = await saveText(store, longStudy(SEEDS));
  const mount = path.join(folder, 'mount');
  await symlink(store.url, mount);
  const landed = async (): Promise<number> => (await store.list('parts')).length;
  const start = () => client.start(reference, { window: 8, again: false, queue: SOLVE_QUEUE });
  return { address, client, store, reference, mount, landed, start };
}

/** Takes a file away; returns what puts it back. */
async function takeAway(file: string): Promise<() => Promise<void>> {
  await rename(file, `${file}-away`);
  return () => rename(`${file}-away`, file);
}

describe('a store that is away', () => {
  it('for one worker of two costs no point: that one says so, leaves all to the other, and comes back', async () => {
    const { address, client, store, reference, mount, landed, start } = await site();
    const whole = await startWorker(address, store.url, {}, ['--role', 'both']);
    const torn = await startWorker(address, mount, {}, ['--role', 'solver']);
    for (const { ask } of [whole, torn]) await expect.poll(() => ask('/readyz'), POLLING).toBe('200 ready\n'); // prettier-ignore
    await start();
    await expect.poll(landed, PATIENCE).toBeGreaterThanOrEqual(2);
    const putBack = await takeAway(mount);
    const reason = `the store ${mount} is not there: is its file system mounted?`;
    await expect.poll(() => torn.ask('/readyz'), POLLING).toBe(`503 out\n${reason}\n`);
    expect(await torn.ask('/healthz')).toBe(`200 out\n${reason}\n`);
    expect(await torn.scrape()).toMatch(/^ufm_worker_out\{.*\} 1$/m);
    expect(await whole.ask('/readyz')).toBe('200 ready\n');
    const before = await landed();
    await expect.poll(landed, PATIENCE).toBeGreaterThan(before);
    await putBack();
    await expect.poll(() => torn.ask('/readyz'), POLLING).toBe('200 ready\n');
    expect(await torn.scrape()).toMatch(/^ufm_worker_out\{.*\} 0$/m);
    const said = torn.printed().split('\n').filter((line) => line.includes(mount)); // prettier-ignore
    expect(said).toEqual([
      expect.stringContaining('Working (solver)'),
      `Out: no work is taken in the store ${mount} until it can be used from here again: ${reason}`,
      expect.stringMatching(/^The store .*mount can be used again, after \d+ s\.$/),
    ]);
    expect(await client.result(reference)).toMatchObject(DONE);
    expect(await verifyStudy(store, 'long')).toMatchObject({
      ok: true,
      points: { expected: POINTS, present: POINTS, duplicate: 0 },
    });
  }, 300_000);

  it('is noticed by a worker that has nothing to do in it, which can be stopped all the same', async () => {
    const { address, mount } = await site();
    const { ask, child, printed } = await startWorker(address, mount);
    await expect.poll(() => ask('/readyz'), POLLING).toBe('200 ready\n');
    await takeAway(mount);
    await expect.poll(() => ask('/readyz'), POLLING).toMatch(/^503 out\nthe store .* is not there/);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(printed()).not.toMatch(/error/i);
  }, 120_000);

  it('for all workers stops the study and fails nothing of it: it goes on when the store is back', async () => {
    const { address, client, store, reference, landed, start } = await site();
    const { ask } = await startWorker(address, store.url);
    await expect.poll(() => ask('/readyz'), POLLING).toBe('200 ready\n');
    await start();
    await expect.poll(landed, PATIENCE).toBeGreaterThanOrEqual(2);
    const putBack = await takeAway(store.url);
    await expect.poll(() => ask('/readyz'), POLLING).toMatch(/^503 out\n/);
    const { progress } = await client.look(reference);
    // Time itself is what is tested: of a failure that counts, or whose tries are counted, something would show by then.
    await delay(AWAY_MS);
    const later = await client.look(reference);
    expect(later).toMatchObject({ running: true, progress: { points: { failed: 0 }, shards: { failed: 0 } } }); // prettier-ignore
    expect(later.progress!.points.done).toBe(progress!.points.done);
    await putBack();
    expect(await client.result(reference)).toMatchObject(DONE);
    expect(await verifyStudy(store, 'long')).toMatchObject({ ok: true });
  }, 300_000);
});
