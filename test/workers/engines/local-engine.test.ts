import { truncate } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Solver } from '../../../activities/solver.js';
import { verifyStudy } from '../../../results/verify.js';
import { INFRASTRUCTURE } from '../../../study/failures.js';
import type { Ending } from '../../../study/conductor.js';
import type { Progress, StudyReference } from '../../../study/orchestration.js';
import { runLocally } from '../../../workers/engines/local-engine.js';
import {
  InlineSolver,
  LOCATING_STUDY,
  newStore,
  saveText,
  worker,
} from '../../activities/small-study.js';

interface Run {
  readonly ending: Ending;
  readonly reports: readonly Progress[];
}

async function run(
  reference: StudyReference,
  solver: Solver = new InlineSolver(),
  signal = new AbortController().signal,
): Promise<Run> {
  const reports: Progress[] = [];
  const onProgress = (progress: Progress): void => {
    reports.push(progress);
  };
  const ending = await runLocally({
    ...{ reference, window: 2, again: false, solver, worker, signal, onProgress },
  });
  return { ending, reports };
}

describe('the local engine', () => {
  it('runs a study to its end, analysis and all', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    const { ending, reports } = await run(reference);
    expect(ending).toBe('done');
    const { points } = reports.at(-1)!;
    expect(points).toMatchObject({ done: points.total, failed: 0, cached: 0 });
    expect(await verifyStudy(store, 'locating')).toMatchObject({
      ok: true,
      points: { expected: points.total },
    });
    expect(await store.list(`studies/locating/${reference.specHash}/analysis`)).not.toEqual([]);
  });

  it('tries again what the infrastructure has failed, and counts nothing as failed', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    let failures = 0;
    class Failing extends InlineSolver {
      override solvePart(...task: Parameters<InlineSolver['solvePart']>) {
        failures += 1;
        if (failures > 3) return super.solvePart(...task);
        const error = new Error('no space left on device');
        return Promise.reject(Object.assign(error, { name: INFRASTRUCTURE, code: 'ENOSPC' }));
      }
    }
    const { ending, reports } = await run(reference, new Failing());
    expect(ending).toBe('done');
    const { points, shards } = reports.at(-1)!;
    expect(points).toMatchObject({ done: points.total, failed: 0 });
    expect(shards.failed).toBe(0);
    expect(shards.total).toBeLessThan(failures);
  });

  it('reports progress that only grows', async () => {
    const store = await newStore();
    const { reports } = await run(await saveText(store, LOCATING_STUDY));
    const done = reports.map(({ points }) => points.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(new Set(reports.map(({ stage }) => stage))).toEqual(
      new Set(['planning', 'solving', 'analyzing', 'done']),
    );
  });

  it('reports what is solved of a shard before the shard ends', async () => {
    const store = await newStore();
    const oneShard = LOCATING_STUDY.replace('shardSize: 4\n', '').replace(/\n {4}locate.*/, '');
    const { reports } = await run(await saveText(store, oneShard));
    expect(reports.at(-1)).toMatchObject({ points: { done: 9 }, shards: { total: 1 } });
    const within = reports
      .filter(({ shards }) => shards.done === 0)
      .map(({ points }) => points.done);
    expect(Math.max(...within)).toBe(9);
    expect(within.some((done) => done > 0 && done < 9)).toBe(true);
  });

  it('stops when it is told to, and goes on without solving a point twice', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    const stop = new AbortController();
    const stopped = new InlineSolver(1, (solution, index) => {
      if (index === 6) stop.abort();
      return solution;
    });
    expect((await run(reference, stopped, stop.signal)).ending).toBe('cancelled');
    const { points } = (await run(reference)).reports.at(-1)!;
    expect(points.cached).toBeGreaterThan(0);
    expect(points.done).toBe(points.total);
    expect(await verifyStudy(store, 'locating')).toMatchObject({
      ok: true,
      points: { missing: 0, duplicate: 0 },
    });
  });

  it('plans again what a page of a plan held that is damaged while it is being solved', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    const solver = new InlineSolver();
    const solve = solver.solve.bind(solver);
    vi.spyOn(solver, 'solve').mockImplementationOnce(async (...task) => {
      const [page] = await store.list(`studies/locating/${reference.specHash}/plans`);
      await truncate(await store.localPath(page!), 100);
      return solve(...task);
    });
    const { ending, reports } = await run(reference, solver);
    expect(ending).toBe('done');
    const { points, shards } = reports.at(-1)!;
    expect(points).toMatchObject({ done: points.total, failed: 0, cached: 0 });
    expect(shards).toMatchObject({ done: shards.total, failed: 0 });
    expect(solver.asked).toHaveLength(points.total);
    expect(await verifyStudy(store, 'locating')).toMatchObject({
      ok: true,
      points: { expected: points.total },
    });
  });

  it('counts the points of a shard that fails, and solves them the next time', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY.replace(/\n {4}locate.*/, ''));
    const failing = new InlineSolver();
    vi.spyOn(failing, 'solve').mockRejectedValueOnce(new Error('lost'));
    const first = await run(reference, failing);
    expect(first.ending).toBe('done');
    expect(first.reports.at(-1)).toMatchObject({
      points: { total: 9, done: 5, failed: 4 },
      shards: { total: 3, done: 2, failed: 1 },
      shardFailure: 'lost',
    });
    const second = await run(reference);
    expect(second.reports.at(-1)).toMatchObject({ points: { total: 9, done: 9, cached: 5 } });
  });
});
