import { describe, expect, it } from 'vitest';
import { planRound } from '../../activities/plan.js';
import { plannedInstances } from '../../activities/planned-instances.js';
import { solveShard } from '../../activities/solve-shard.js';
import { encodePlan } from '../../results/plan-file.js';
import { verifyStudy } from '../../results/verify.js';
import { pointKey } from '../../study/key.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { plannedPoints, publishPages } from '../results/published-plan.js';
import { InlineSolver, newStore, saveText, SMALL_STUDY, surroundings, worker } from './small-study.js'; // prettier-ignore

/** A plan of which somebody has changed one of nine points, in the second of three shards, and sealed it. */
async function changedPlan(change: object) {
  const store = await newStore();
  const reference = await saveText(store, SMALL_STUDY);
  const { plan } = await planRound(reference, 0, false, surroundings());
  const points = (await plannedPoints(store, reference, plan)).map((point, i) => {
    if (i !== 6) return point;
    const instance = { ...point.instance, ...change };
    const key = pointKey(instance, NUMERICAL_VERSION);
    return { ...point, instance, instanceJson: JSON.stringify(instance), key };
  });
  const forged = await publishPages(store, reference, [encodePlan(points)], { shards: 3 });
  return { store, reference, plan: forged.manifest };
}

describe('a plan that somebody has changed and sealed', () => {
  it.each([
    ['clusters', [[1e9, 500]]],
    ['clusters', 'all'],
    ['featureDimension', 1e9],
    ['lambdaW', -1],
  ])('with %s of %j costs that shard alone, and says so', async (field, value) => {
    const { store, reference, plan } = await changedPlan({ [field]: value });
    const solver = new InlineSolver();
    const solve = (shard: number) =>
      solveShard({ reference, plan, shard }, solver, worker, surroundings());
    await expect(solve(1)).rejects.toMatchObject({
      name: 'UnsolvablePoint',
      message: expect.stringMatching(new RegExp(`Point [0-9a-f]{64}: ${field} is `)) as string,
    });
    expect(solver.asked).toEqual([]);
    expect(await solve(0)).toEqual({ points: 4, failed: 0 });
    expect(await solve(2)).toEqual({ points: 1, failed: 0 });
    expect(await store.list('parts')).toHaveLength(2);
  });

  it('counts for nothing once the study is run again', async () => {
    const { store, reference } = await changedPlan({ lambdaW: -1 });
    const { plan } = await planRound(reference, 0, false, surroundings());
    const points = await plannedPoints(store, reference, plan);
    expect(points.map(({ instance }) => instance.lambdaW)).not.toContain(-1);
    expect(await verifyStudy(store, 'small')).toMatchObject({ points: { expected: 9 } });
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
