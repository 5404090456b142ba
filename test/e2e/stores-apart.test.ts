import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import type { Store } from '../../results/store.js';
import { verifyStudy } from '../../results/verify.js';
import type { StudyReference } from '../../study/orchestration.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { startOrchestrator } from '../../workers/orchestrator.js';
import type { RunningWorker } from '../../workers/running-worker.js';
import { configureRuntime } from '../../workers/runtime.js';
import { openServer } from '../../workers/server/server-access.js';
import { startSolver } from '../../workers/solver.js';
import { ServedStores } from '../../workers/stores/served-stores.js';
import { watchStores } from '../../workers/stores/watch-stores.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { newStore, saveText, SMALL_STUDY, worker } from '../activities/small-study.js';
import { temporaryFolder, ufmSweep } from '../cli/command.js';
import { sharedServer } from '../own-server.js';

const sharedAddress = sharedServer();
const settings = { window: 2, again: false, queue: SOLVE_QUEUE };
const WHOLE = { ok: true, points: { expected: 9, present: 9 } };
const DONE = { state: 'done', progress: { points: { total: 9, done: 9, failed: 0 } } };

/** A client of the server; what it is of is gone after the test. */
async function site() {
  configureRuntime({ logLevel: 'ERROR', metrics: null, deployment: null });
  const folder = await temporaryFolder();
  const address = sharedAddress();
  const access = openServer(address);
  const client = await StudyClient.connect(access);
  onTestFinished(() => client.close());
  const serve = async (stores: ServedStores): Promise<void> => {
    const workers: RunningWorker[] = [await startOrchestrator(access, stores)];
    onTestFinished(async () => {
      await Promise.all(workers.map((each) => each.stop()));
    });
    workers.push(await startSolver(access, stores, { device: 'loops', threads: 1, queue: SOLVE_QUEUE, worker })); // prettier-ignore
  };
  return { folder, address, client, serve };
}

const earlier = ({ store, study, specHash }: StudyReference): StudyReference => ({
  store,
  study,
  specHash,
});

describe('stores that share a server', () => {
  it('keep the same study file of two people apart: each run solves its own', async () => {
    const { folder, address } = await site();
    await writeFile(path.join(folder, 'study.yaml'), SMALL_STUDY);
    const run = (store: string) =>
      ufmSweep(['run', 'study.yaml', '--store', store, '--address', address, '--threads', '1', '--device', 'loops'], { cwd: folder }); // prettier-ignore
    const endings = await Promise.all([run('hers'), run('his')]);
    for (const { exitCode, stdout, stderr } of endings) {
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toContain('Report: ');
    }
    for (const name of ['hers', 'his']) {
      expect(await verifyStudy(openStore(path.join(folder, name)), 'small')).toMatchObject(WHOLE);
    }
  }, 240_000);

  it('do not cancel the studies of each other', async () => {
    const { address, client } = await site();
    const [mine, theirs] = [await newStore(), await newStore()];
    const [mineToo, reference] = [await saveText(mine, SMALL_STUDY), await saveText(theirs, SMALL_STUDY)]; // prettier-ignore
    expect(mineToo.specHash).toBe(reference.specHash);
    await client.start(reference, settings);
    const cancelled = await ufmSweep([
      'cancel',
      'small',
      '--store',
      mine.url,
      '--address',
      address,
    ]);
    expect(cancelled).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        `of the store ${mine.url} does not run on this server`,
      ) as string,
    });
    expect(await client.look(reference)).toMatchObject({ running: true });
    expect((await ufmSweep(['cancel', 'small', '--store', theirs.url, '--address', address])).exitCode).toBe(0); // prettier-ignore
  }, 120_000);

  it('are served by those alone who were given them: what is asked of others fails for good, and says why', async () => {
    const { client, serve } = await site();
    const [given, other] = [await newStore(), await newStore()];
    const own = await saveText(given, SMALL_STUDY);
    const foreign = await saveText(other, SMALL_STUDY);
    await serve(ServedStores.ofStudy(own));
    // As a client might that means ill, or an identity that was copied: the queues of one store, the place of another.
    await client.start({ ...foreign, storeId: own.storeId, specHash: 'none' }, settings);
    expect(await client.result({ ...own, specHash: 'none' })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(`the store ${given.url} has no version none`) as string,
    });
    expect(await other.list('parts')).toEqual([]);
    const unserved = { ...own, storeId: `${own.storeId.slice(0, 12)}${'0'.repeat(20)}` };
    await client.start(unserved, settings);
    expect(await client.result(unserved)).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(new RegExp(`was not given the store .*${unserved.storeId}.*it serves .*${own.storeId}`)) as string, // prettier-ignore
    });
  }, 120_000);

  it('are found by workers that have mounted them elsewhere', async () => {
    const { client, serve } = await site();
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await serve(ServedStores.ofStudy(reference));
    await client.start({ ...reference, store: '/mounted/elsewhere' }, settings);
    expect(await client.result(reference)).toMatchObject(DONE);
    expect(await verifyStudy(store, 'small')).toMatchObject(WHOLE);
  }, 120_000);

  it('that are made below a folder later are served then', async () => {
    const { folder, client, serve } = await site();
    const over = new AbortController();
    onTestFinished(() => {
      over.abort();
    });
    const notices: string[] = [];
    const onNotice = (line: string): void => void notices.push(line);
    const stores = await watchStores([path.join(folder, 'team/*')], { signal: over.signal, onNotice }); // prettier-ignore
    await serve(stores);
    expect(stores.list).toEqual([]);
    const made: Store[] = ['one', 'two'].map((name) => openStore(path.join(folder, 'team', name)));
    for (const store of made) {
      const reference = await saveText(store, SMALL_STUDY);
      await client.start(reference, settings);
      expect(await client.result(reference)).toMatchObject(DONE);
    }
    expect(notices).toContain(`Serving the store ${made[1]!.url} from now on.`);
  }, 180_000);
});

describe('a study that began before stores had identities', () => {
  it('starts anew under its id of today, where the store is among those that are served', async () => {
    const { client, serve } = await site();
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    // As the former program names it.
    await client.start(earlier(reference), settings);
    await serve(ServedStores.ofStudy(reference));
    expect(await client.start(reference, settings)).toBe('other code');
    expect(await client.result(earlier(reference))).toMatchObject({ state: 'failed' });
    expect(await client.result(reference)).toMatchObject(DONE);
    expect(await verifyStudy(store, 'small')).toMatchObject(WHOLE);
  }, 180_000);

  it('is not taken for that of another store with the same name', async () => {
    const { client } = await site();
    const [mine, theirs] = [await newStore(), await newStore()];
    const hers = earlier(await saveText(theirs, SMALL_STUDY));
    await client.start(hers, settings);
    const reference = await saveText(mine, SMALL_STUDY);
    expect(await client.start(reference, settings)).toBe('joined');
    expect(await client.look(hers)).toMatchObject({ running: true });
    expect(await claimStore(mine)).toBe(reference.storeId);
  }, 120_000);
});
