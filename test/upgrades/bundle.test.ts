import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../results/open-store.js';
import type { Store } from '../../results/store.js';
import { latestVersion } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import { verifyStudy } from '../../results/verify.js';
import type { StudyReference } from '../../study/orchestration.js';
import { startStudy } from '../../workers/client/start-study.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { thisProgram } from '../../workers/program.js';
import { connectClient } from '../../workers/server/connection.js';
import { openServer } from '../../workers/server/server-access.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { longStudy } from '../activities/long-study.js';
import { temporaryFolder, ufmSweep } from '../cli/command.js';
import { sharedServer } from '../own-server.js';
import { OTHER_BUNDLE, otherBuild, THIS_BUILD } from './other-build.js';
import { interrupt, start } from './program-run.js';

const SOON = { timeout: 90_000, interval: 50 };
const sharedAddress = sharedServer();
const SEEDS = 24;
const POINTS = 48 * SEEDS;
const WHOLE = { ok: true, points: { expected: POINTS, present: POINTS } };

/** A folder with a study that takes a while, and its store. */
async function site(): Promise<{ cwd: string; store: Store }> {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'study.yaml'), longStudy(SEEDS));
  return { cwd, store: openStore(path.join(cwd, 'store')) };
}

const partsLand = (store: Store) =>
  expect.poll(async () => (await store.list('parts')).length, SOON).toBeGreaterThan(0);

async function referenceIn(store: Store): Promise<Required<StudyReference>> {
  return referenceTo(store, (await latestVersion(store, 'long'))!);
}

const RUN = ['run', 'study.yaml', '--store', 'store'];

describe('a study that workflow code of another version has begun', () => {
  it.each([
    ['and says so', OTHER_BUNDLE, /was begun by another version of ufm-sweep/],
    ['also where only its history shows that it was other code', thisProgram().bundle, /No worker could go on with the study long@\w+: started anew/], // prettier-ignore
  ])(
    'goes on with the next run, %s',
    async (_, bundle, says) => {
      const { cwd, store } = await site();
      const before = start(await otherBuild({ bundle }), [...RUN, '--threads', '1'], cwd);
      await partsLand(store);
      await interrupt(before);
      const landed = (await store.list('parts')).length;
      const after = start(THIS_BUILD, [...RUN, '--threads', '2'], cwd);
      expect(await after.ended, after.said()).toBe(0);
      expect(after.said()).toMatch(says);
      expect(landed).toBeLessThan(POINTS / 64);
      expect(await verifyStudy(store, 'long')).toMatchObject(WHOLE);
    },
    300_000,
  );

  it('goes on with an orchestrator alone, paused and with its window as people have set them', async () => {
    const { cwd, store } = await site();
    const address = sharedAddress();
    const other = await otherBuild({ bundle: OTHER_BUNDLE });
    const at = ['--store', 'store', '--address', address];
    const run = start(other, ['run', 'study.yaml', '--threads', '0', '--window', '2', ...at], cwd); // prettier-ignore
    await expect.poll(() => latestVersion(store, 'long'), SOON).not.toBeNull();
    const before = start(other, ['worker', '--concurrency', '1', ...at], cwd);
    await partsLand(store);
    expect((await ufmSweep(['set-window', 'long', '3', ...at], { cwd })).stdout).toBe('long: 3 shards in flight at most'); // prettier-ignore
    expect((await ufmSweep(['pause', 'long', ...at], { cwd })).exitCode).toBe(0);
    await interrupt(run);
    await interrupt(before);

    const client = await StudyClient.connect(openServer(address));
    onTestFinished(() => client.close());
    const reference = await referenceIn(store);
    expect((await client.open(reference))!.memo.bundle).toBe(OTHER_BUNDLE);
    const after = start(THIS_BUILD, ['worker', '--concurrency', '2', ...at], cwd);
    await expect.poll(async () => (await client.open(reference))?.memo.bundle, SOON).toBe(thisProgram().bundle); // prettier-ignore
    expect(await client.settings((await client.open(reference))!)).toEqual({
      ...{ paused: true, window: 3, again: false, queue: SOLVE_QUEUE },
    });
    await client.resume(reference);
    expect(await client.result(reference), after.said()).toMatchObject({ state: 'done' });
    expect(await verifyStudy(store, 'long')).toMatchObject(WHOLE);
  }, 300_000);
});

describe('a study that a newer version of this program runs', () => {
  it('is left to it: a run is refused before it touches anything', async () => {
    const { cwd, store } = await site();
    const address = sharedAddress();
    const at = ['--store', 'store', '--address', address];
    const newer = await otherBuild({ bundle: OTHER_BUNDLE, version: '1000.0.0' });
    const run = start(newer, ['run', 'study.yaml', '--threads', '0', ...at], cwd);
    await expect.poll(() => latestVersion(store, 'long'), SOON).not.toBeNull();
    const client = await StudyClient.connect(openServer(address));
    onTestFinished(() => client.close());
    const reference = await referenceIn(store);
    await expect.poll(() => client.open(reference), SOON).not.toBeNull();
    await interrupt(run);
    const { exitCode, stderr } = await ufmSweep([...RUN, '--threads', '1', '--address', address], { cwd }); // prettier-ignore
    expect(stderr).toContain('version 1000.0.0 of ufm-sweep runs the study long: run it with that');
    expect(exitCode).toBe(1);
    expect((await client.open(reference))!.memo).toMatchObject({ bundle: OTHER_BUNDLE });
    expect(await store.list('parts')).toEqual([]);
  }, 300_000);
});

describe('a study that no worker can go on with, however often it is started anew', () => {
  it('is told of by run, which fails, and is ended by cancel', async () => {
    const { cwd, store } = await site();
    const address = sharedAddress();
    const at = ['--store', 'store', '--address', address];
    // Saved by a run that nobody works for.
    const saved = start(THIS_BUILD, ['run', 'study.yaml', '--threads', '0', ...at], cwd);
    await expect.poll(() => latestVersion(store, 'long'), SOON).not.toBeNull();
    await interrupt(saved);
    const reference = await referenceIn(store);
    const client = await connectClient(openServer(address));
    onTestFinished(() => client.connection.close());
    await startStudy(
      client,
      reference,
      { window: 2, again: false, queue: SOLVE_QUEUE },
      { paused: false, replayFaults: 3, replaces: true },
    );
    const other = await otherBuild({ bundle: thisProgram().bundle });
    const before = start(other, ['worker', '--concurrency', '1', ...at], cwd);
    await partsLand(store);
    before.child.kill('SIGKILL');
    await before.ended;

    const worker = start(THIS_BUILD, ['worker', '--role', 'orchestrator', ...at], cwd);
    const run = start(THIS_BUILD, ['run', 'study.yaml', '--threads', '0', ...at], cwd);
    expect(await run.ended, run.said() + worker.said()).toBe(1);
    expect(run.said()).toMatch(/no worker can go on with it, and starting it anew did not help: .*[Nn]ondeterminism/); // prettier-ignore
    const cancelled = await ufmSweep(['cancel', 'long', ...at], { cwd });
    expect(cancelled).toMatchObject({ exitCode: 0, stdout: 'long: cancelled' });
    expect(cancelled.stderr).toMatch(/No worker can go on with it .*: it is ended at once/);
    const studies = await StudyClient.connect(openServer(address));
    onTestFinished(() => studies.close());
    expect(await studies.open(reference)).toBeNull();
    expect(await studies.result(reference)).toEqual({ state: 'cancelled' });
  }, 300_000);
});
