import { mkdir, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultClassOf } from '../../activities/fault-class.js';
import { planRound } from '../../activities/plan.js';
import type { ShardJob } from '../../activities/planned-shard.js';
import { solveShard } from '../../activities/solve-shard.js';
import { analyze } from '../../activities/analyze.js';
import { openStore } from '../../results/open-store.js';
import type { Store } from '../../results/store.js';
import { BALLAST, fillDisk, mountSmallDisk, unmountSmallDisk } from '../small-disk.js';
import { InlineSolver, newStore, saveText, SMALL_STUDY, surroundings, worker } from './small-study.js'; // prettier-ignore

const DONE = { points: 4, failed: 0 };

async function newJob(given?: Store): Promise<{ store: Store; job: ShardJob }> {
  const store = given ?? (await newStore());
  const reference = await saveText(store, SMALL_STUDY);
  const { plan } = await planRound(reference, 0, false, surroundings());
  return { store, job: { reference, plan, shard: 0 } };
}

const solve = (job: ShardJob, solver = new InlineSolver()) =>
  solveShard(job, solver, worker, surroundings());

/** Of what class work fails; null when it does not. */
async function faultOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(() => null, faultClassOf);
}

/** Leaves an empty folder in place of a store, as a file system that is mounted no more; returns what puts it back. */
async function unmount({ url }: Store): Promise<() => Promise<void>> {
  await rename(url, `${url}-away`);
  await mkdir(url);
  onTestFinished(() => rm(`${url}-away`, { recursive: true, force: true }));
  return async () => {
    await rm(url, { recursive: true });
    await rename(`${url}-away`, url);
  };
}

describe('a fault of the infrastructure', () => {
  it.each([
    ['planning', ({ reference }: ShardJob) => planRound(reference, 0, true, surroundings())],
    ['solving', (job: ShardJob) => solve(job)],
    ['analyzing', ({ reference }: ShardJob) => analyze(reference)],
  ])('is what a store is that is not mounted, for %s, and it is left alone', async (_, work) => {
    const { store, job } = await newJob();
    await unmount(store);
    expect(await faultOf(work(job))).toBe('infrastructure');
    expect(await readdir(store.url)).toEqual([]);
  });

  it('is a store that goes while a shard is solved: nothing lands beside it, and the next try does', async () => {
    const { store, job } = await newJob();
    let mount = (): Promise<void> => Promise.resolve();
    const solver = new InlineSolver();
    const solvePart = solver.solvePart.bind(solver);
    solver.solvePart = async (...task) => {
      mount = await unmount(store);
      return solvePart(...task);
    };
    expect(await faultOf(solve(job, solver))).toBe('infrastructure');
    expect(await readdir(store.url)).toEqual([]);
    await mount();
    expect(await solve(job)).toEqual(DONE);
  });

  it('is a file in place of the folder of the parts', async () => {
    const { store, job } = await newJob();
    const parts = path.join(store.url, 'parts');
    await rm(parts, { recursive: true, force: true });
    await writeFile(parts, 'no folder');
    expect(await faultOf(solve(job))).toBe('infrastructure');
    await unlink(parts);
    expect(await solve(job)).toEqual(DONE);
  });

  it('is a full disk: nothing is left of what did not fit, and the next try fits', async (context) => {
    const { url } = await newStore();
    if (!(await mountSmallDisk(url))) context.skip('only root may mount a disk');
    onTestFinished(() => unmountSmallDisk(url));
    const { store, job } = await newJob(openStore(url));
    const ballast = path.join(url, BALLAST);
    await fillDisk(ballast);
    expect(await faultOf(solve(job))).toBe('infrastructure');
    expect(await store.list('tmp')).toEqual([]);
    expect(await store.list('parts')).toEqual([]);
    await unlink(ballast);
    expect(await solve(job)).toEqual(DONE);
  });

  it('is no fault of a solver', async () => {
    const { job } = await newJob();
    const solver = new InlineSolver();
    solver.solve = () => Promise.reject(new Error('a bug'));
    solver.solvePart = () => Promise.reject(new Error('a bug'));
    expect(await faultOf(solve(job, solver))).toBe('shard');
  });
});
