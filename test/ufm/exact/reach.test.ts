import { describe, expect, it } from 'vitest';
import type { Cluster, Instance } from '../../../study/instance.js';
import { certify } from '../../../ufm/certificate.js';
import { attempts } from '../../../ufm/exact/attempts.js';
import { reasonForGap } from '../../../ufm/exact/reason-for-gap.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { objectiveOfBlocks } from '../../../ufm/objective.js';
import { convexProblem } from '../../../ufm/problem.js';
import { uniform } from '../random-instances.js';
import { instanceOf } from '../reference-instances.js';
import { instanceInReach } from './reach-instances.js';

/** How many instances: `UFM_REACH=2000` for all that docs/decisions/exact-solver.md tells of. */
const COUNT = Number(process.env['UFM_REACH'] ?? 400);
const MOST_RATIO = Number(process.env['UFM_REACH_RATIO'] ?? 1e9);
/** The most clusters: few instances have many. */
const MOST_CLUSTERS = Number(process.env['UFM_REACH_CLUSTERS'] ?? (COUNT < 2000 ? 12 : 40));

describe('the reach of the exact solver', () => {
  it(
    `certifies instances of all kinds with ratios of sample counts up to ${MOST_RATIO.toExponential(0)}`,
    { timeout: 4 * 3600 * 1000 },
    () => {
      const random = uniform(COUNT);
      const tried = new Map<string, number>();
      const open: unknown[] = [];
      let worst = 0;
      let slowest = 0;
      for (let i = 0; i < COUNT; i++) {
        const J = random() < 0.05 ? 1 : 2 + Math.floor((MOST_CLUSTERS - 1) * random() ** 3);
        const instance = instanceInReach(random, J, MOST_RATIO);
        const start = process.cpuUsage();
        const solved = solveExact(instance);
        const { user } = process.cpuUsage(start);
        slowest = Math.max(slowest, user / 1e6);
        const last = solved.tried.at(-1)!;
        tried.set(last, (tried.get(last) ?? 0) + 1);
        if (!(solved.relativeGap <= 1e-9)) open.push([instance, solved.relativeGap]);
        else worst = Math.max(worst, solved.relativeGap);
      }
      console.log(
        `${COUNT} instances of 1 to ${MOST_CLUSTERS} clusters, ratios to ${MOST_RATIO}: ${open.length} above 1e-9, worst of the ` +
          `others ${worst.toExponential(1)}, slowest ${slowest.toFixed(1)} s of CPU; last attempts ${JSON.stringify([...tried])}`,
      );
      expect(open).toEqual([]);
    },
  );

  it('certifies what ended 78 times too high', () => {
    expect(solveExact(TWO_CLUSTERS).relativeGap).toBeLessThan(1e-12);
  });

  it('certifies a long tail by an informed start, after a cold one went astray', () => {
    const { relativeGap, tried } = solveExact(
      instanceOf([[20, 740000], [11, 739926], [1, 739851], [19, 75], [1, 74]], 1.2411e-10, 0), // prettier-ignore
    );
    expect(relativeGap).toBeLessThan(1e-11);
    expect(tried).toEqual(['a cold start', 'an informed start']);
  });

  it('certifies a free bias with dozens of clusters and a tiny lambda by scaled damping', () => {
    const start = process.cpuUsage();
    const { relativeGap, iterations } = solveBy('scaled damping', DOZENS);
    expect(relativeGap).toBeLessThan(1e-11);
    expect(iterations).toBeLessThan(40);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(8);
  });

  it('tries a cold start after one that leads astray', () => {
    const instance = instanceOf([[3, 1e6], [2, 1e4], [4, 10]], 1e-6, 1e-3); // prettier-ignore
    const cold = solveExact(instance);
    expect(cold.tried).toEqual(['a cold start']);
    const astray = {
      contrast: new Float64Array(3).fill(-4000),
      mean: Float64Array.of(-9e5, 4e5, 2e5, 3e5, -8e5, 5e5, 6e5, 4e5, -7e5),
      bias: Float64Array.of(3e3, -5e3, 7e3),
    };
    const led = solveExact(instance, astray);
    expect(led.tried).toEqual(['the start given', 'a cold start']);
    expect(led.relativeGap).toBe(cold.relativeGap);
  });

  it('says within seconds what it cannot do, why, and what to do', () => {
    const start = process.cpuUsage();
    const solved = solveExact(BEYOND);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(20);
    expect(reasonForGap(BEYOND, { ...solved, relativeGap: 0.03 })).toMatch(
      /relative gap of 3.0e-2 after \d+ Newton steps from a cold start.*ratio of 1.0e\+12.*larger lambda/u,
    );
    const tight = { ...BEYOND, tolerance: 1e-14 };
    expect(reasonForGap(tight, { ...solved, relativeGap: 3e-13 })).toMatch(
      /above the tolerance of 1e-14: ask for a tolerance of 1e-12/u,
    );
    expect(reasonForGap(BEYOND, { ...solved, relativeGap: 1e-10 })).toBeNull();
  });
});

/** Where the attempt of this name ends, made alone: those before it take half a minute to fail. */
function solveBy(name: string, instance: Instance): { relativeGap: number; iterations: number } {
  const problem = convexProblem(instance);
  const attempt = attempts(problem, null).find((way) => way.name === name)!;
  const { blocks, iterations } = attempt.run(problem, null);
  const objective = objectiveOfBlocks(problem, blocks);
  const { lowerBound } = certify(instance, blocks);
  return { relativeGap: (objective - lowerBound) / objective, iterations };
}

const TWO_CLUSTERS = instanceOf([[1, 1029], [1, 1]], 1.309e-7, 1e-8); // prettier-ignore

const BEYOND = instanceOf(
  [1e12, 483434824645, 7154649, 1].map((n): Cluster => [1, n]),
  3.046e-9,
  1.795273243061433e-10,
);

/** A long tail of 39 classes that ended with a gap of 0.35 after 55 s. */
const DOZENS = instanceOf(
  [
    84352307, 2733813, 367763, 88601, 29375, 11919, 5559, 2872, 1603, 952, 594, 386, 260, 180, 128,
    93, 69, 52, 40, 31, 24, 21, 19, 17, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
  ].map((n): Cluster => [1, n]),
  6.296991306052001e-13,
  0,
);
