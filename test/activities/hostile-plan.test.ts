import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planRound } from '../../activities/plan.js';
import { plannedInstances } from '../../activities/planned-instances.js';
import { pagePath } from '../../results/paths.js';
import { encodePlan, readPlan } from '../../results/plan-file.js';
import { pointKey } from '../../study/key.js';
import { NUMERICAL_VERSION } from '../../ufm/solve.js';
import { runLocally } from '../../workers/engines/local-engine.js';
import { InlineSolver, newStore, saveText, SMALL_STUDY, surroundings, worker } from './small-study.js'; // prettier-ignore

/** A store in which somebody has changed one of nine points of a plan, in the second of three shards, and sealed it. */
async function storeWith(change: object) {
  const store = await newStore();
  const reference = await saveText(store, SMALL_STUDY);
  const { plan } = await planRound(reference, 0, false, surroundings());
  const path = pagePath(plan, 0);
  const points = readPlan((await store.read(path))!).map((point, i) => {
    if (i !== 6) return point;
    const instance = { ...point.instance, ...change };
    const key = pointKey(instance, NUMERICAL_VERSION);
    return { ...point, instance, instanceJson: JSON.stringify(instance), key };
  });
  await rm(await store.localPath(path));
  await store.publish(path, encodePlan(points));
  return { store, reference };
}

describe('a plan that somebody has changed and sealed', () => {
  it.each([
    ['clusters', [[1e9, 500]]],
    ['clusters', 'all'],
    ['featureDimension', 1e9],
    ['lambdaW', -1],
  ])('with %s of %j costs that shard alone, and says so', async (field, value) => {
    const { store, reference } = await storeWith({ [field]: value });
    const solver = new InlineSolver();
    const progress = { points: {}, shards: {} };
    const run = runLocally({
      reference,
      window: 2,
      again: false,
      solver,
      worker,
      signal: new AbortController().signal,
      onProgress: (latest) => Object.assign(progress, latest),
    });
    expect(await run).toBe('done');
    expect(progress).toMatchObject({
      points: { done: 5, failed: 4 },
      shards: { done: 2, failed: 1 },
      shardFailure: expect.stringMatching(new RegExp(`Point [0-9a-f]{64}: ${field} is `)) as string,
    });
    expect(solver.asked).toHaveLength(5);
    expect(await store.list('parts')).toHaveLength(2);
  });
});

describe('the instances of a plan', () => {
  it.each(['', 'no JSON', `[${' '.repeat(1e5)}]`, '['.repeat(60_000), 'null', '{}'])(
    'are no other text, as number %#',
    (instance) => {
      const points = [{ key: 'abc', instance }];
      expect(() => plannedInstances(points)).toThrow(
        expect.objectContaining({
          name: 'UnsolvablePoint',
          message: expect.stringContaining('Point abc: ') as string,
        }),
      );
    },
  );
});
