import { expect, it } from 'vitest';
import type { Instance } from '../../../study/instance.js';
import { solveBatch } from '../../../ufm/solve.js';
import type { Status } from '../../../ufm/solution.js';
import { adversarialInstances } from './instances.js';
import { judge } from './judge.js';

/** `npm run test:truth` asks for 2,000. */
const COUNT = Number(process.env['UFM_ADVERSARIAL'] ?? 75);

interface Counts {
  readonly statuses: Record<Status, number>;
  readonly uncertified: Instance[];
  readonly wrongBounds: string[];
  readonly wrongFlags: string[];
  optima: number;
  means: number;
}

it(
  'has no bound above the optimum and no wrong flag, by 60 digits',
  { timeout: COUNT * 20_000 },
  async () => {
    const counts: Counts = {
      statuses: { certified: 0, uncertified: 0, diverged: 0, failed: 0 },
      uncertified: [],
      wrongBounds: [],
      wrongFlags: [],
      optima: 0,
      means: 0,
    };
    for (const instance of adversarialInstances(2026, COUNT)) {
      const [solution] = await solveBatch([instance], { device: 'cpu' });
      const verdict = judge(instance, solution!);
      counts.statuses[solution!.status]++;
      if (solution!.status === 'uncertified') counts.uncertified.push(instance);
      if (verdict.knowsOptimum) counts.optima++;
      if (verdict.knowsMean) counts.means++;
      const shown = JSON.stringify(instance);
      counts.wrongBounds.push(...verdict.wrongBounds.map((what) => `${what}: ${shown}`));
      counts.wrongFlags.push(...verdict.wrongFlags.map((what) => `${what}: ${shown}`));
    }
    if (process.env['UFM_ADVERSARIAL'] !== undefined) console.log(summary(counts));
    expect(counts.wrongBounds).toEqual([]);
    expect(counts.wrongFlags).toEqual([]);
    expect(counts.statuses.certified).toBeGreaterThan(COUNT / 2);
    expect(counts.optima).toBeGreaterThan(COUNT / 4);
  },
);

function summary({
  statuses,
  uncertified,
  wrongBounds,
  wrongFlags,
  optima,
  means,
}: Counts): string {
  const { certified, failed } = statuses;
  const kept = uncertified.map(({ clusters, lambdaW, lambdaH, lambdaB, featureDimension }) =>
    JSON.stringify({
      clusters,
      lambda_W: lambdaW,
      lambda_H: lambdaH,
      lambda_b: lambdaB,
      feature_dim: featureDimension,
    }),
  );
  return [
    ...kept,
    `${COUNT} instances, ${certified} certified, ${uncertified.length} uncertified, ${failed} with too few features or ` +
      `failed, ${optima} optima and ${means} mean blocks known to 45 digits: ` +
      `${wrongBounds.length} wrong bounds, ${wrongFlags.length} wrong flags`,
  ].join('\n');
}
