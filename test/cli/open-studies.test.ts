import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../results/open-store.js';
import type { Store } from '../../results/store.js';
import { listVersions } from '../../results/study-versions.js';
import { verifyStudy } from '../../results/verify.js';
import { initialState, progressOf } from '../../study/conductor-state.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { LocalRecord, readLocalRecord } from '../../workers/engines/local-record.js';
import { openServer } from '../../workers/server/server-access.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { longStudy } from '../activities/long-study.js';
import { newStore, saveText, SMALL_STUDY } from '../activities/small-study.js';
import { sharedServer } from '../own-server.js';
import { THIS_BUILD } from '../upgrades/other-build.js';
import { interrupt, start } from '../upgrades/program-run.js';
import { temporaryFolder, ufmSweep, type Ending } from './command.js';

const SOON = { timeout: 90_000, interval: 50 };
const sharedAddress = sharedServer();
const settings = { window: 2, again: false, queue: SOLVE_QUEUE };

const partsLand = (store: Store) =>
  expect.poll(async () => (await store.list('parts')).length, SOON).toBeGreaterThan(0);

describe('a study that an earlier run has left open', () => {
  it('is paused by the run of an edited one, which solves its own points alone, and can be gone on with by its hash', async () => {
    const cwd = await temporaryFolder();
    const file = path.join(cwd, 'study.yaml');
    const store = openStore(path.join(cwd, 'store'));
    await writeFile(file, longStudy(24));
    const first = start(THIS_BUILD, ['run', 'study.yaml', '--store', 'store', '--threads', '1'], cwd); // prettier-ignore
    await partsLand(store);
    await interrupt(first);
    const [older] = await listVersions(store);
    const name = `long@${older!.specHash.slice(0, 8)}`;
    const landed = (await store.list('parts')).length;

    await writeFile(file, SMALL_STUDY.replace('name: small', 'name: long'));
    const second = await ufmSweep(['run', 'study.yaml', '--store', 'store', '--threads', '1'], { cwd }); // prettier-ignore
    expect(second.exitCode, second.stderr).toBe(0);
    expect(second.stderr).toContain(
      `another version of the study, ${name}, is paused. Go on with it: ufm-sweep resume ${name} --store ${store.url}`,
    );
    expect(await verifyStudy(store, 'long')).toMatchObject({ ok: true, points: { present: 9 } });
    // Nine points are three shards. What was being solved when the first was paused may have landed.
    expect((await store.list('parts')).length).toBeLessThanOrEqual(landed + 3 + 2);

    const listed = JSON.parse((await ufmSweep(['list', '--store', 'store', '--json'], { cwd })).stdout) as unknown[]; // prettier-ignore
    expect(listed).toHaveLength(2);
    expect(listed).toContainEqual(expect.objectContaining({ spec_hash: older!.specHash, latest: false, state: 'incomplete' })); // prettier-ignore
    expect(listed).toContainEqual(expect.objectContaining({ latest: true, state: 'done' }));
    expect((await ufmSweep(['status', name, '--store', 'store'], { cwd })).stdout).toContain('of 1152 points'); // prettier-ignore

    const third = await ufmSweep(['retry', name, '--store', 'store', '--window', '6'], { cwd });
    expect(third.exitCode, third.stderr).toBe(0);
    expect(await verifyStudy(store, 'long', older!.specHash)).toMatchObject({ ok: true });
  }, 300_000);
});

describe('a study that runs', () => {
  it('keeps its settings: what does not apply to it is refused, with what does', async () => {
    const folder = await temporaryFolder();
    const address = sharedAddress();
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await writeFile(path.join(folder, 'study.yaml'), SMALL_STUDY);
    const client = await StudyClient.connect(openServer(address));
    onTestFinished(() => client.close());
    await client.start(reference, settings);
    const ask = (...words: string[]): Promise<Ending> =>
      ufmSweep([...words, '--store', store.url, '--address', address], { cwd: folder });

    const retry = await ask('retry', 'small');
    expect(retry).toMatchObject({ exitCode: 2, stdout: '' });
    expect(retry.stderr).toContain('what has failed is solved again once it has ended');
    const run = await ask('run', 'study.yaml', '--threads', '0', '--window', '5');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(
      `with 2 shards in flight: --window is for one that begins. Change it with: ufm-sweep set-window small --store ${store.url} 5`,
    );
    const queue = await ask('run', 'study.yaml', '--threads', '0', '--queue', 'mine');
    expect(queue).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--queue is for one that begins') as string }); // prettier-ignore
    expect(await ask('set-window', 'small', '5')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no worker of the study small answers') as string }); // prettier-ignore

    // Nobody serves it: cancelling takes its time, and is done when it says so.
    const cancelled = await ask('cancel', 'small', '--json');
    expect(cancelled.exitCode, cancelled.stderr).toBe(0);
    expect(JSON.parse(cancelled.stdout)).toEqual({ name: 'small', state: 'cancelled' });
    expect(cancelled.stderr).toContain('No worker hears of it: it is ended at once.');
    expect(await client.open(reference)).toBeNull();
    expect(await client.result(reference)).toEqual({ state: 'cancelled' });
    expect((await ask('cancel', 'small')).exitCode).toBe(1);
  }, 300_000);

  it('is left to itself by runs of other studies of its store, which tell of it', async () => {
    const folder = await temporaryFolder();
    const address = sharedAddress();
    const store = await newStore();
    const reference = await saveText(store, longStudy(2));
    await writeFile(path.join(folder, 'study.yaml'), SMALL_STUDY);
    const client = await StudyClient.connect(openServer(address));
    onTestFinished(() => client.close());
    await client.start(reference, settings);
    await expect.poll(() => client.openStudies(reference), SOON).toHaveLength(1);
    const ending = await ufmSweep(['run', 'study.yaml', '--store', store.url, '--address', address, '--threads', '1'], { cwd: folder }); // prettier-ignore
    expect(ending.exitCode, ending.stderr).toBe(0);
    expect(ending.stderr).toMatch(/Open in this store as well: the study long@\w{8} runs, too/);
    // Its workers went with the run, perhaps before it was done: with others it goes on.
    await writeFile(path.join(folder, 'long.yaml'), longStudy(2));
    const rest = await ufmSweep(['run', 'long.yaml', '--store', store.url, '--address', address, '--threads', '1'], { cwd: folder }); // prettier-ignore
    expect(rest.exitCode, rest.stderr).toBe(0);
    expect(await client.result(reference)).toMatchObject({ state: 'done' });
  }, 300_000);
});

describe('a study that another process runs without a server', () => {
  it('is told of by a run, which goes on', async () => {
    const folder = await temporaryFolder();
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const record = new LocalRecord(reference);
    record.tell(progressOf(initialState()));
    onTestFinished(() => record.remove());
    await writeFile(path.join(folder, 'study.yaml'), SMALL_STUDY);
    const words = [
      'run',
      'study.yaml',
      '--store',
      store.url,
      '--engine',
      'local',
      '--threads',
      '1',
    ];
    await expect.poll(() => readLocalRecord(reference), SOON).not.toBeNull();
    const ending = await ufmSweep(words, { cwd: folder });
    expect(ending.exitCode, ending.stderr).toBe(0);
    expect(ending.stderr).toContain(`Process ${process.pid} runs the study, too`);
  }, 120_000);
});

describe('NAME@HASH', () => {
  it('means a version of a study, in commands that read', async () => {
    const store = await newStore();
    const first = await saveText(store, SMALL_STUDY);
    await saveText(store, SMALL_STUDY.replace('points: 9', 'points: 5'));
    const ask = (name: string): Promise<Ending> =>
      ufmSweep(['verify', name, '--store', store.url, '--json']);
    const points = async (name: string): Promise<unknown> =>
      JSON.parse((await ask(name)).stdout) as { specHash?: string; points: { expected: number } };
    expect(await points(`small@${first.specHash.slice(0, 6)}`)).toMatchObject({ specHash: first.specHash }); // prettier-ignore
    expect(await points('small')).not.toMatchObject({ specHash: first.specHash });
    for (const [name, says] of [
      ['small@12345', /names no version: after the @ come 6 or more hex digits/],
      ['small@zzzzzz', /names no version/],
      ['small@000000', /has no version 000000 of small; it has: small@\w{8}, small@\w{8}/],
      ['other@000000', /has no study other; it has: small/],
    ] as const) {
      expect(await ask(name)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(says) as string }); // prettier-ignore
    }
    expect(await readFile(path.join(store.url, 'studies/small/latest'), 'utf8')).not.toBe(first.specHash); // prettier-ignore
  });
});
