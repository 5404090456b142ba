import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { currentPlans } from '../../results/current-plans.js';
import { openDatabase } from '../../results/database.js';
import { plansFolder, pointerPath } from '../../results/paths.js';
import { encodePlan } from '../../results/plan-file.js';
import type { Store } from '../../results/store.js';
import { pointKey } from '../../study/key.js';
import type { PlannedPoint } from '../../study/study.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { publishPages, publishPlan } from './published-plan.js';
import { newStores, plannedPoint } from './stored-study.js';

const newStore = await newStores();
const VERSION = { study: 'small', specHash: 'abc' };

/** The point as a numerical version names it. */
function pointOf(index: number, version: number, change: Partial<PlannedPoint> = {}): PlannedPoint {
  const point = plannedPoint(index, change);
  return { ...point, key: pointKey(point.instance, version) };
}

async function publishEarly(store: Store, plan: string, points: readonly PlannedPoint[]) {
  const path = `${plansFolder(VERSION)}/${plan.repeat(16)}-0.parquet`;
  await store.publish(path, encodePlan(points));
  return path;
}

async function keysShown(store: Store): Promise<string[]> {
  const database = await openDatabase(store, VERSION);
  const rows = await database.query<{ point_key: string }>('SELECT point_key FROM points');
  database.close();
  return rows.map(({ point_key }) => point_key).sort();
}

describe('the plans of a study that count', () => {
  it('are none before it was planned', async () => {
    const found = await currentPlans(newStore(), VERSION);
    expect(found).toEqual({ numericalVersion: null, rounds: new Map(), pages: [], problems: [] });
  });

  it('are the last ones of each round', async () => {
    const store = newStore();
    await publishPlan(store, VERSION, [plannedPoint(0)]);
    const zero = await publishPlan(store, VERSION, [plannedPoint(1)]);
    const one = await publishPlan(store, VERSION, [plannedPoint(2)], { round: 1 });
    expect(await currentPlans(store, VERSION)).toMatchObject({
      numericalVersion: NUMERICAL_VERSION,
      rounds: new Map([[0, [zero]], [1, [one]]]),
      pages: [zero, one],
    }); // prettier-ignore
    expect(await keysShown(store)).toEqual([plannedPoint(1).key, plannedPoint(2).key].sort());
  });

  it('are of one numerical version: this program’s if there are any, else the latest', async () => {
    const store = newStore();
    for (const numericalVersion of [2, 3]) {
      await publishPlan(store, VERSION, [pointOf(0, numericalVersion)], { numericalVersion });
    }
    expect(await currentPlans(store, VERSION, 2)).toMatchObject({ numericalVersion: 2 });
    expect(await currentPlans(store, VERSION, 4)).toMatchObject({ numericalVersion: 3 });
    // A round that only an older version has planned is not one of this version.
    await publishPlan(store, VERSION, [pointOf(1, 3)], { round: 1, numericalVersion: 3 });
    await publishPlan(store, VERSION, [plannedPoint(0)]);
    expect((await currentPlans(store, VERSION)).rounds.size).toBe(1);
    expect(await keysShown(store)).toEqual([plannedPoint(0).key]);
  });

  it.each([
    ['damaged', (pointer: string) => writeFile(pointer, 'nonsense')],
    ['something else', (pointer: string) => writeFile(pointer, '{"format":"x"}')],
  ])('are told of where a pointer is %s, and the other rounds are shown', async (_, spoil) => {
    const store = newStore();
    await publishPlan(store, VERSION, [plannedPoint(0)]);
    await publishPlan(store, VERSION, [plannedPoint(1)], { round: 1 });
    const pointer = pointerPath(VERSION, NUMERICAL_VERSION, 1);
    await spoil(await store.localPath(pointer));
    const found = await currentPlans(store, VERSION);
    expect(found.problems).toMatchObject([{ path: pointer }]);
    expect(await keysShown(store)).toEqual([plannedPoint(0).key]);
  });

  it('are told of where a manifest is gone or is another round’s, and where a page is gone', async () => {
    const store = newStore();
    const page = await publishPlan(store, VERSION, [plannedPoint(0)]);
    const other = await publishPages(store, VERSION, [encodePlan([plannedPoint(1)])], { round: 1 });
    await rm(await store.localPath(page));
    const database = await openDatabase(store, VERSION);
    expect(database.problems).toEqual([{ path: page, reason: 'the file has gone' }]);
    database.close();
    const bytes = await store.read(pointerPath(VERSION, NUMERICAL_VERSION, 1));
    await store.replace(pointerPath(VERSION, NUMERICAL_VERSION, 2), bytes!);
    expect((await currentPlans(store, VERSION)).problems).toMatchObject([
      { reason: `it names ${other.manifest}, the plan of another round or version` },
    ]);
    await rm(await store.localPath(other.manifest));
    expect((await currentPlans(store, VERSION)).problems).toMatchObject([
      { reason: `there is no ${other.manifest}, which it names` },
      { reason: `there is no ${other.manifest}, which it names` },
    ]);
  });
});

describe('the plans of early versions of this program', () => {
  it('count as long as there are no others, and are of one numerical version, too', async () => {
    const store = newStore();
    const old = await publishEarly(store, '1', [pointOf(0, NUMERICAL_VERSION - 1)]);
    expect(await currentPlans(store, VERSION)).toMatchObject({
      numericalVersion: NUMERICAL_VERSION - 1,
      pages: [old],
    });
    const own = await publishEarly(store, '2', [pointOf(0, NUMERICAL_VERSION)]);
    const ownToo = await publishEarly(store, '3', [pointOf(1, NUMERICAL_VERSION, { round: 1 })]);
    expect(await currentPlans(store, VERSION)).toMatchObject({
      numericalVersion: NUMERICAL_VERSION,
      pages: [own, ownToo],
    });
    const page = await publishPlan(store, VERSION, [plannedPoint(5)]);
    expect(await currentPlans(store, VERSION)).toMatchObject({ pages: [page] });
  });

  it('count, and are told of, where they are damaged or nobody can tell of which version they are', async () => {
    const store = newStore();
    const unknown = await publishEarly(store, '1', [plannedPoint(0, { key: 'f'.repeat(64) })]);
    const damaged = `${plansFolder(VERSION)}/${'2'.repeat(16)}-0.parquet`;
    await store.publish(damaged, Buffer.from('nonsense'));
    const found = await currentPlans(store, VERSION);
    expect(found).toMatchObject({ numericalVersion: null, pages: [unknown, damaged] });
    const database = await openDatabase(store, VERSION);
    expect(database.problems).toMatchObject([{ path: damaged }]);
    expect(await database.query('SELECT point_key FROM points')).toHaveLength(1);
    database.close();
  });
});
