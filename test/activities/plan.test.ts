import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planRound } from '../../activities/plan.js';
import { solveShard } from '../../activities/solve-shard.js';
import { currentPlans } from '../../results/current-plans.js';
import { isPagePath, plansFolder, pointerPath } from '../../results/paths.js';
import { CACHED, readPlan } from '../../results/plan-file.js';
import type { Store } from '../../results/store.js';
import { UnknownStudy } from '../../results/studies.js';
import { sweep } from '../../results/sweep.js';
import { verifyStudy } from '../../results/verify.js';
import { pointKey } from '../../study/key.js';
import type { RoundPlan, StudyReference } from '../../study/orchestration.js';
import type { PlannedPoint } from '../../study/study.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { pagesOf, plannedPoints, publishPlan } from '../results/published-plan.js';
import {
  InlineSolver,
  LOCATING_STUDY,
  newMarkedStore,
  newStore,
  saveText,
  SMALL_STUDY,
  surroundings,
  worker,
} from './small-study.js';

const plan = (reference: StudyReference, round = 0, again = false): Promise<RoundPlan> =>
  planRound(reference, round, again, surroundings());

async function solveAll(
  reference: StudyReference,
  { plan: path, shards }: RoundPlan,
  solver = new InlineSolver(),
): Promise<void> {
  for (let shard = 0; shard < shards; shard += 1) {
    await solveShard({ reference, plan: path, shard }, solver, worker, surroundings());
  }
}

/** Writes nonsense over the first page of a plan. */
async function spoil(store: Store, reference: StudyReference, { plan: manifest }: RoundPlan) {
  const [page] = await pagesOf(store, reference, manifest);
  await writeFile(await store.localPath(page!), 'nonsense');
}

describe('parts that were exchanged under each other’s names', () => {
  it('are found by verify, and set aside and solved again by a retry', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await solveAll(reference, await plan(reference));
    const [one, two] = await store.list('parts');
    const bytes = [await store.read(one!), await store.read(two!)];
    await writeFile(await store.localPath(one!), bytes[1]!);
    await writeFile(await store.localPath(two!), bytes[0]!);
    const found = await verifyStudy(store, 'small');
    expect(found).toMatchObject({ ok: false, parts: { misnamed: [one, two] } });
    const again = await plan(reference, 0, true);
    expect(again.cached).toBeLessThan(again.points);
    await solveAll(reference, again);
    expect(await verifyStudy(store, 'small')).toMatchObject({ ok: true, points: { present: 9 } });
    expect((await store.list('quarantine')).length).toBe(2);
  });
});

describe('a part that has rotted under the same size and time', () => {
  it('is solved again by a retry', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await solveAll(reference, await plan(reference));
    const [part] = await store.list('parts');
    const file = await store.localPath(part!);
    await utimes(file, 1_700_000_000, 1_700_000_000);
    expect(await plan(reference)).toMatchObject({ points: 9, cached: 9 });
    const bytes = (await store.read(part!))!;
    bytes[700]! ^= 8;
    await writeFile(file, bytes);
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const again = await plan(reference, 0, true);
    expect(again.cached).toBeLessThan(9);
    await solveAll(reference, again);
    expect(await verifyStudy(store, 'small')).toMatchObject({ ok: true, points: { present: 9 } });
  });
});

describe('a part that cannot be read', () => {
  it('costs its points once more, under the next name, and ends nothing', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await solveAll(reference, await plan(reference));
    const [part] = await store.list('parts');
    const file = await store.localPath(part!);
    await rm(file);
    // A folder in its place stays: it may hold anything.
    await mkdir(file);
    await writeFile(`${file}/thesis.tex`, 'x');
    const again = await plan(reference);
    expect(again.cached).toBeLessThan(again.points);
    await solveAll(reference, again);
    expect((await verifyStudy(store, 'small')).points).toMatchObject({ present: 9, missing: 0 });
    expect(await store.list('parts')).toContain(part!.replace('.parquet', '-1.parquet'));
    expect(await store.list('parts')).toContain(`${part!}/thesis.tex`);
  });
});

describe('planning the first round', () => {
  it('cuts the points that have not landed into shards', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const first = await plan(reference);
    expect(first).toMatchObject({ shards: 3, points: 9, cached: 0, failed: 0 });
    const points = await plannedPoints(store, reference, first.plan);
    expect(points.map(({ shard }) => shard)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2]);
    expect(points.every(({ round }) => round === 0)).toBe(true);
  });

  it('publishes the same plan when nothing has changed, and another when points have landed', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const first = await plan(reference);
    expect(await plan(reference)).toEqual(first);
    await solveShard(
      { reference, plan: first.plan, shard: 1 },
      new InlineSolver(),
      worker,
      surroundings(),
    );
    const second = await plan(reference);
    expect(second.plan).not.toBe(first.plan);
    expect(second).toMatchObject({ shards: 2, points: 9, cached: 4 });
  });

  it('solves equal points of several grids once', async () => {
    const store = await newStore();
    const grid = SMALL_STUDY.slice(SMALL_STUDY.indexOf('  - name'), SMALL_STUDY.indexOf('solver:'));
    const twice = SMALL_STUDY.replace(
      'solver:',
      `${grid.replace('name: lambda', 'name: same')}solver:`,
    );
    const reference = await saveText(store, twice);
    const first = await plan(reference);
    expect(first).toMatchObject({ shards: 3, points: 9, cached: 0 });
    const points = await plannedPoints(store, reference, first.plan);
    expect(points).toHaveLength(18);
    expect(
      points.filter(({ grid: name }) => name === 'same').every(({ shard }) => shard === CACHED),
    ).toBe(true);
  });

  it('finds the points of another study of the store cached', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await solveAll(reference, await plan(reference));
    const grown = await saveText(
      store,
      SMALL_STUDY.replace('to: 0.0078, points: 9', 'to: 0.0078, points: 17').replace(
        'small',
        'grown',
      ),
    );
    expect(await plan(grown)).toMatchObject({ points: 17, cached: 9, shards: 2 });
  });

  it('leaves points that failed alone unless they are wanted again', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const failing = new InlineSolver(1, (solution, index) =>
      index === 2 ? { ...solution, status: 'failed', message: 'for the test' } : solution,
    );
    await solveAll(reference, await plan(reference), failing);
    expect(await plan(reference)).toMatchObject({ shards: 0, points: 9, cached: 9, failed: 1 });

    const again = await plan(reference, 0, true);
    expect(again).toMatchObject({ shards: 1, points: 9, cached: 8, failed: 0 });
    await solveAll(reference, again);
    expect(await plan(reference)).toMatchObject({ shards: 0, cached: 9, failed: 0 });
  });

  it('plans again what a damaged part held, and sets the part aside', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await solveAll(reference, await plan(reference));
    const [part] = await store.list('parts');
    const bytes = (await store.read(part!))!;
    bytes[100]! ^= 1;
    await writeFile(await store.localPath(part!), bytes);
    const repaired = await plan(reference);
    expect(repaired.cached).toBeLessThan(9);
    expect(await store.list('quarantine')).toHaveLength(1);
    await solveAll(reference, repaired);
    expect(await plan(reference)).toMatchObject({ cached: 9 });
  });

  it('publishes a plan again that was damaged', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const first = await plan(reference);
    await spoil(store, reference, first);
    expect(await plan(reference)).toEqual(first);
    expect(await plannedPoints(store, reference, first.plan)).toHaveLength(9);
  });

  it('refuses a study that the store does not have', async () => {
    const store = await newMarkedStore();
    const reference = { store: store.url, study: 'nobody', specHash: '0' };
    await expect(plan(reference)).rejects.toThrow(UnknownStudy);
  });
});

describe('planning again', () => {
  it('adds no file where nothing is new, and leaves every file as it was', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await plan(reference);
    const before = [...(await store.details('studies'))];
    await plan(reference);
    expect([...(await store.details('studies'))]).toEqual(before);
  });

  it('leaves no page behind after the sweep, however often a study is gone on with', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY.replace('shardSize: 4', 'shardSize: 1'));
    const pages = async () => (await store.list(plansFolder(reference))).filter(isPagePath);
    const first = await plan(reference);
    for (let shard = 0; shard < 4; shard += 1) {
      const { plan: path } = await plan(reference);
      await solveShard({ reference, plan: path, shard: 0 }, new InlineSolver(), worker, surroundings()); // prettier-ignore
    }
    const last = await plan(reference);
    expect(last).toMatchObject({ points: 9, cached: 4 });
    // Every command reads the pages of one plan, from the first day on.
    const { total } = (await verifyStudy(store, 'small')).plans;
    expect(total).toBe((await pagesOf(store, reference, last.plan)).length);
    await sweep(store, reference, [], Date.now() + 25 * 3_600_000);
    expect((await pages()).length).toBe(total);
    expect(total).toBeLessThanOrEqual((await pagesOf(store, reference, last.plan)).length);
    expect(await plan(reference)).toEqual(last);
    expect(first.plan).not.toBe(last.plan);
  });

  it.each([
    ['a page', (_: Store, reference: StudyReference, { plan: manifest }: RoundPlan) => pagesOf(_, reference, manifest).then(([page]) => page!)],
    ['a manifest', (_: Store, __: StudyReference, { plan: manifest }: RoundPlan) => Promise.resolve(manifest)],
    ['a pointer', (_: Store, reference: StudyReference) => Promise.resolve(pointerPath(reference, NUMERICAL_VERSION, 0))],
  ])('mends %s that is damaged or gone, to the last byte', async (_, fileOf) => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const first = await plan(reference);
    const path = await fileOf(store, reference, first);
    const bytes = await store.read(path);
    await writeFile(await store.localPath(path), Buffer.from(bytes!).fill(1, 20, 24));
    expect(await verifyStudy(store, 'small')).toMatchObject({ ok: false, plans: { corrupt: [expect.any(String)] } });
    expect(await plan(reference)).toEqual(first);
    expect(await store.read(path)).toEqual(bytes);
    await rm(await store.localPath(path));
    expect(await plan(reference)).toEqual(first);
    expect(await store.read(path)).toEqual(bytes);
    expect((await verifyStudy(store, 'small')).plans.corrupt).toEqual([]);
  }); // prettier-ignore

  it('mends a page that it needs again, though it did not count and nobody saw that it was damaged', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const first = await plan(reference);
    await solveAll(reference, first);
    await plan(reference);
    await spoil(store, reference, first);
    for (const part of await store.list('parts')) await store.quarantine(part);
    expect(await plan(reference)).toEqual(first);
    expect(await plannedPoints(store, reference, first.plan)).toHaveLength(9);
  });
});

describe('planning after another version', () => {
  /** Makes all that is planned look as another numerical version has left it. */
  async function asOf(numericalVersion: number, store: Store, reference: StudyReference) {
    const { rounds } = await currentPlans(store, reference);
    for (const [round, pages] of rounds) {
      const points: PlannedPoint[] = [];
      for (const page of pages) points.push(...readPlan((await store.read(page))!));
      const theirs = points.map((point) => ({ ...point, key: pointKey(point.instance, numericalVersion) }));
      await publishPlan(store, reference, theirs, { round, numericalVersion });
      await store.remove(pointerPath(reference, NUMERICAL_VERSION, round));
    }
  } // prettier-ignore

  it('replaces its plans, and shows none of its points any more', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const first = await plan(reference);
    await asOf(NUMERICAL_VERSION - 1, store, reference);
    expect((await currentPlans(store, reference)).numericalVersion).toBe(NUMERICAL_VERSION - 1);
    expect(await plan(reference)).toEqual(first);
    expect(await verifyStudy(store, 'small')).toMatchObject({ points: { expected: 9 } });
  });

  it('in a later round plans those before as well', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    await solveAll(reference, await plan(reference));
    const second = await plan(reference, 1);
    await asOf(NUMERICAL_VERSION - 1, store, reference);
    expect(await plan(reference, 1)).toEqual(second);
    expect([...(await currentPlans(store, reference)).rounds.keys()]).toEqual([0, 1]);
  });
});

describe('planning later rounds', () => {
  it('brackets every transition until its bracket is narrow enough, around what theory says', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    const lambdas: number[] = [];
    let rounds = 0;
    for (let round = 0; ; round += 1) {
      const next = await plan(reference, round);
      if (next.points === 0) break;
      rounds += 1;
      await solveAll(reference, next);
      lambdas.push(
        ...(await plannedPoints(store, reference, next.plan)).map(
          ({ coordinates }) => coordinates.lambda as number,
        ),
      );
    }
    expect(rounds).toBeGreaterThan(2);
    for (const threshold of [Math.sqrt(100) / 3000, Math.sqrt(500) / 3000]) {
      const below = Math.max(...lambdas.filter((lambda) => lambda < threshold));
      const above = Math.min(...lambdas.filter((lambda) => lambda >= threshold));
      expect((above - below) / threshold).toBeLessThan(1.01e-3);
    }
    expect(lambdas.length).toBeLessThan(60);
  });

  it('goes the same way again, and finds every point cached', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    const points: number[] = [];
    for (let round = 0; points.at(-1) !== 0; round += 1) {
      const next = await plan(reference, round);
      points.push(next.points);
      await solveAll(reference, next);
    }
    for (const [round, expected] of points.entries()) {
      expect(await plan(reference, round)).toMatchObject({
        shards: 0,
        points: expected,
        cached: expected,
      });
    }
  });

  it('asks again for what an earlier run planned for the round, though it would not ask for it now', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    const undecided = new InlineSolver(1, (solution, index) =>
      index === 1 ? { ...solution, collapsed: [null, null] } : solution,
    );
    await solveAll(reference, await plan(reference), undecided);
    const planned = await plan(reference, 1);
    const parts = await store.list('parts');
    for (const part of parts) await store.quarantine(part);
    await solveAll(reference, await plan(reference));
    const before = new Set(
      (await plannedPoints(store, reference, planned.plan)).map(({ key }) => key),
    );
    const now = new Set(
      (await plannedPoints(store, reference, (await plan(reference, 1)).plan)).map(
        ({ key }) => key,
      ),
    );
    expect([...before].filter((key) => !now.has(key))).toEqual([]);
    expect(now.size).toBeGreaterThan(before.size);
  });

  it('plans the rounds before again where one of their plans is damaged, and loses no point', async () => {
    const store = await newStore();
    const reference = await saveText(store, LOCATING_STUDY);
    const first = await plan(reference);
    await solveAll(reference, first);
    const second = await plan(reference, 1);
    await solveAll(reference, second);
    const next = await plan(reference, 2);
    await spoil(store, reference, first);
    await spoil(store, reference, second);
    expect(await plan(reference, 2)).toEqual(next);
    const { points } = await verifyStudy(store, 'locating');
    expect(points.expected).toBe(first.points + second.points + next.points);
  });

  it('asks for nothing where no grid locates', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    await solveAll(reference, await plan(reference));
    expect(await plan(reference, 1)).toMatchObject({ plan: '', shards: 0, points: 0 });
  });
});
