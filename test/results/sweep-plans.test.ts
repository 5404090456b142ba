import { utimes } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isPagePath, plansFolder, pointerPath } from '../../results/paths.js';
import { encodePlan } from '../../results/plan-file.js';
import { sweep } from '../../results/sweep.js';
import type { Store } from '../../results/store.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { publishPlan } from './published-plan.js';
import { newStores, plannedPoint } from './stored-study.js';

const newStore = await newStores();
const VERSION = { study: 'small', specHash: 'abc' };
const HOUR = 3_600_000;
const plans = (store: Store) => store.list(plansFolder(VERSION));
const tomorrow = Date.now() + 25 * HOUR;

/** Makes all plans that are there as old as yesterday's. */
async function age(store: Store): Promise<void> {
  const then = Date.now() / 1000 - 25 * 3600;
  for (const path of await plans(store)) await utimes(await store.localPath(path), then, then);
}

describe('sweeping the plans of a study', () => {
  it('takes manifests that do not count and pages that none names, when they are a day old', async () => {
    const store = newStore();
    await publishPlan(store, VERSION, [plannedPoint(0)]);
    const current = await publishPlan(store, VERSION, [plannedPoint(1)]);
    const all = await plans(store);
    await sweep(store, VERSION, []);
    expect(await plans(store)).toEqual(all);
    await sweep(store, VERSION, [], tomorrow);
    const left = await plans(store);
    expect(left).toHaveLength(3);
    expect(left.filter(isPagePath)).toEqual([current]);
  });

  it('leaves the pages of a manifest of today, which somebody is about to say that it counts', async () => {
    const store = newStore();
    await publishPlan(store, VERSION, [plannedPoint(0)]);
    await age(store);
    const pointer = pointerPath(VERSION, NUMERICAL_VERSION, 0);
    const before = (await store.read(pointer))!;
    const page = await publishPlan(store, VERSION, [plannedPoint(1)]);
    await utimes(await store.localPath(page), 0, 0);
    await store.replace(pointer, before);
    await sweep(store, VERSION, []);
    expect((await plans(store)).filter(isPagePath)).toHaveLength(2);
  });

  it('takes those of older versions once this one has planned the study, and not before', async () => {
    const store = newStore();
    const early = `${plansFolder(VERSION)}/${'1'.repeat(16)}-0.parquet`;
    await store.publish(early, encodePlan([plannedPoint(7)]));
    await publishPlan(store, VERSION, [plannedPoint(0)], { numericalVersion: NUMERICAL_VERSION - 1 }); // prettier-ignore
    const newer = await publishPlan(store, VERSION, [plannedPoint(2)], { numericalVersion: NUMERICAL_VERSION + 1 }); // prettier-ignore
    const before = await plans(store);
    await sweep(store, VERSION, [], tomorrow);
    expect(await plans(store)).toEqual(before);
    const own = await publishPlan(store, VERSION, [plannedPoint(1)]);
    await sweep(store, VERSION, [], tomorrow);
    const left = await plans(store);
    expect(left).toHaveLength(6);
    expect(left.filter(isPagePath).sort()).toEqual([newer, own].sort());
  });

  it('takes nothing where it cannot be told what counts, and nothing of another name', async () => {
    const store = newStore();
    await publishPlan(store, VERSION, [plannedPoint(0)]);
    await publishPlan(store, VERSION, [plannedPoint(1)]);
    await store.publish(`${plansFolder(VERSION)}/mine.parquet`, Buffer.from('x'));
    await store.publish(`${plansFolder(VERSION)}/notes.json`, Buffer.from('x'));
    const pointer = pointerPath(VERSION, NUMERICAL_VERSION, 1);
    await store.replace(pointer, Buffer.from('nonsense'));
    const before = await plans(store);
    await sweep(store, VERSION, [], tomorrow);
    expect(await plans(store)).toEqual(before);
    await store.remove(pointer);
    await sweep(store, VERSION, [], tomorrow);
    const left = await plans(store);
    expect(left).toHaveLength(5);
    expect(left).toContain(`${plansFolder(VERSION)}/notes.json`);
  });
});
