import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ClusterEstimate } from '../../cli/cluster-estimate.js';
import { openStore } from '../../results/open-store.js';
import { referenceTo } from '../../results/study-reference.js';
import { connectClient } from '../../workers/server/connection.js';
import { openServer } from '../../workers/server/server-access.js';
import { serverFolder } from '../../workers/server/state-folder.js';
import { workflowId } from '../../workflows/names.js';
import { ownServer } from '../own-server.js';
import { temporaryFolder, ufmSweep } from './command.js';

/** 5,000 exact points, in shards of the default size. */
const STUDY = `
version: 1
name: five-thousand
defaults: {classes: 10, majorityClasses: 5, lambdaB: 0.02}
grids:
  - name: lambda
    majoritySamples: {from: 110, to: 1100, points: 100}
    minoritySamples: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    lambda: {from: 0.001, to: 0.01, points: 5}
solver: {kind: exact, tolerance: 1e-9}
`;

/** How far the bytes of a store may lie from the estimate, of itself: how well rows compress depends on their values. */
const BYTES_MARGIN = 0.1;

interface Plan {
  readonly spec_hash: string;
  readonly shards: number;
  readonly cluster: ClusterEstimate;
}

async function studyFolder(text = STUDY): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'study.yaml'), text);
  return folder;
}

async function planned(cwd: string, ...words: string[]): Promise<Plan> {
  const { exitCode, stdout, stderr } = await ufmSweep(
    ['plan', 'study.yaml', '--cluster', '--json', ...words],
    { cwd },
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as Plan;
}

describe('the estimate for a cluster', () => {
  it('agrees with a study that has run: shards, objects, bytes and events', async () => {
    const cwd = await studyFolder();
    const { cluster, shards, spec_hash } = await planned(cwd, '--workers', '2');
    const store = path.join(cwd, 'ufm-results');
    // Held by this test, so that the history can be asked for afterwards; `run` finds it.
    const server = await ownServer(cwd, await serverFolder(store));
    const ran = await ufmSweep(['run', 'study.yaml', '--threads', '2', '--json'], { cwd });
    expect(ran).toMatchObject({ exitCode: 0 });

    const { state, engine, shards: done } = JSON.parse(ran.stdout) as Record<string, unknown>;
    expect({ state, engine }).toEqual({ state: 'done', engine: 'temporal' });
    expect(done).toMatchObject({ total: shards, done: shards });
    expect(cluster.shards).toBe(shards);

    const files = await filesOf(store);
    expect(cluster.store.objects).toBe(files.length);
    const bytes = files.reduce((sum, size) => sum + size, 0) - (await analysisBytes(store));
    expect(Math.abs(bytes - cluster.store.bytes)).toBeLessThan(BYTES_MARGIN * cluster.store.bytes);

    const client = await connectClient(openServer(server.address));
    onTestFinished(() => client.connection.close());
    const version = { study: 'five-thousand', specHash: spec_hash };
    const id = workflowId(await referenceTo(openStore(store), version));
    const { historyLength } = await client.workflow.getHandle(id).describe();
    expect(cluster.history.runs).toBe(1);
    expect(historyLength).toBeGreaterThanOrEqual(cluster.history.events.least);
    expect(historyLength).toBeLessThanOrEqual(cluster.history.events.most);
    console.log(`estimated ${JSON.stringify(cluster.seconds)} s on the clock, of two workers`);

    const again = await planned(cwd);
    expect(again.cluster).toMatchObject({ shards: 0, cost: null, rates: [] });
    expect(again.cluster.core_hours.solving).toBe(0);
  }, 240_000);

  it('goes by the rows of the store where there are any like it, and says by what', async () => {
    const cwd = await studyFolder(STUDY.replace('points: 5}', 'points: 2}'));
    const [before] = (await planned(cwd)).cluster.rates;
    expect(before).toMatchObject({ points: 2000 });
    expect(before!.source).toMatch(/benchmarks\/results\/solvers\.json.* no row like it/);
    await ufmSweep(['run', 'study.yaml', '--engine', 'local'], { cwd });
    await writeFile(path.join(cwd, 'study.yaml'), STUDY.replace('to: 0.01', 'to: 0.02'));
    const [after] = (await planned(cwd)).cluster.rates;
    expect(after!.source).toBe('rows of the store');
    expect(after!.seconds).not.toBe(before!.seconds);
  });

  it('prices what it takes in hours of a core, and nothing unless a price is given', async () => {
    const cwd = await studyFolder();
    expect((await planned(cwd)).cluster.cost).toBeNull();
    const { cluster } = await planned(cwd, '--core-hour-price', '0.05');
    expect(cluster.cost!.total).toBeCloseTo(0.05 * cluster.core_hours.total, 12);
    expect(cluster.cost!.per_million_points).toBeCloseTo(200 * cluster.cost!.total, 9);
    const text = await ufmSweep(
      ['plan', 'study.yaml', '--cluster', '--workers', '64', '--core-hour-price', '0.05'],
      { cwd },
    );
    expect(text.stdout).toMatch(/64 shards at a time \(run --threads 0 --window 128\)/);
    expect(text.stdout).toMatch(/busy +5 of them: there are no more shards/);
    expect(text.stdout).toMatch(/cost .* a million new points/);
    expect(text.stdout).not.toMatch(/undefined|NaN|null|[€$]/);
  });

  it('says that the rounds of a search are not in it', async () => {
    const cwd = await studyFolder(
      STUDY.replace('points: 5}', 'points: 5}\n    locate: {along: lambda, tolerance: 1e-3}'),
    );
    expect((await planned(cwd)).cluster.not_counted).toContainEqual(
      expect.stringMatching(/rounds that bracket transitions/),
    );
  });

  it.each([
    [['--cluster', '--workers', '0'], /--workers.*Not a positive integer/],
    [['--cluster', '--workers', '1.5'], /--workers.*Not a positive integer/],
    [['--cluster', '--core-hour-price', '-1'], /--core-hour-price.*Not a positive number/],
    [['--cluster', '--core-hour-price', 'cheap'], /--core-hour-price.*Not a positive number/],
    [['--workers', '4'], /--workers is of the estimate for a cluster: say --cluster too/],
    [['--core-hour-price', '1'], /--core-hour-price is of the estimate .*--cluster too/],
  ])('refuses %s', async (words, message) => {
    const cwd = await studyFolder();
    const { exitCode, stdout, stderr } = await ufmSweep(['plan', 'study.yaml', ...words], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

/**
 * Sizes of the files of a store, without those of the server, which are of this machine, and the pieces that a busy machine
 * publishes of its slower shards.
 */
async function filesOf(store: string): Promise<number[]> {
  const entries = await readdir(store, { recursive: true, withFileTypes: true });
  const own = entries.filter(({ parentPath }) => {
    const folders = path.relative(store, parentPath).split(path.sep);
    return folders[0] !== 'server' && !folders.includes('pieces');
  });
  return Promise.all(
    own
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => (await stat(path.join(parentPath, name))).size),
  );
}

/** Of what the analysis wrote, which is not estimated: it does not grow with the points. */
async function analysisBytes(store: string): Promise<number> {
  const [study] = await readdir(path.join(store, 'studies'), { withFileTypes: true });
  const versions = await readdir(path.join(store, 'studies', study!.name), { withFileTypes: true });
  const version = versions.find((entry) => entry.isDirectory())!;
  const sizes = await filesOf(path.join(version.parentPath, version.name, 'analysis'));
  return sizes.reduce((sum, size) => sum + size, 0);
}
