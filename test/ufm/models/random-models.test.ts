import { describe, expect, it } from 'vitest';
import { solveBatch } from '../../../ufm/solve.js';
import { uniform } from '../random-instances.js';
import { MODELS, randomModel } from './random-models.js';

const COUNT = 500;

describe.each(Object.keys(MODELS))('%s', (name) => {
  it(`is certified on ${COUNT} random instances, but where a bias lets classes share features`, async () => {
    const random = uniform(name.length);
    const instances = Array.from({ length: COUNT }, () => randomModel(name, random));
    const solutions = await solveBatch(instances, { device: 'cpu' });
    let certified = 0;
    solutions.forEach((solution, i) => {
      const { clusters, lambdaB, features } = instances[i]!;
      const told = JSON.stringify({ ...instances[i], ...solution });
      expect(solution.gap, told).toBeGreaterThanOrEqual(0);
      expect(solution.lowerBound, told).toBeGreaterThanOrEqual(0);
      expect(solution.collapsed, told).toHaveLength(clusters.length);
      solution.collapsed!.forEach((flag, j) => {
        // Of a class alone it is said where features are zero, and of a cluster where its contrast is.
        const size = features === undefined ? solution.contrasts![j]! : solution.normH![j]!;
        if (flag !== null) expect(size > 0, told).toBe(!flag);
      });
      if (solution.status === 'certified') certified++;
      else {
        expect(features !== undefined && lambdaB !== null, told).toBe(true);
        expect(solution.message, told).toMatch(/relative gap/);
      }
    });
    expect(certified).toBeGreaterThan(COUNT / 2);
  });
});

describe('a model', () => {
  it('refuses what it has no use for, and says what that is', async () => {
    const random = uniform(1);
    const instances = Object.keys(MODELS).map((name) => ({
      ...randomModel(name, random),
      margins: [1],
    }));
    const solutions = await solveBatch(instances, { device: 'cpu' });
    for (const { status, message } of solutions) {
      expect(status).toBe('failed');
      expect(message).toMatch(/^margins has no use with /);
    }
  });

  it('is not solved by first-order steps, and says so', async () => {
    const random = uniform(1);
    const instances = Object.keys(MODELS).map((name) => ({
      ...randomModel(name, random),
      solver: 'tensor' as const,
    }));
    const solutions = await solveBatch(instances, { device: 'cpu' });
    for (const { message } of solutions) expect(message).toMatch(/needs the solver `exact`/);
  });

  it('says what to do where bounds leave less to be wrong than float64 can tell', async () => {
    const bounded = randomModel('norm bounds', uniform(3));
    const huge = { ...bounded, boundW: 1e4, boundH: 1e4 };
    const [solution] = await solveBatch([huge], { device: 'cpu' });
    expect(solution!.status).toBe('failed');
    expect(solution!.message).toMatch(/use smaller bounds/);
  });

  it('costs nothing with thousands of classes', async () => {
    const random = uniform(2);
    for (const name of Object.keys(MODELS)) {
      const clusters = [
        [500, 4000],
        [1500, 300],
        [8000, 20],
      ] as const;
      const { classWeights, ...instance } = randomModel(name, random);
      expect(classWeights?.length ?? 4).toBeLessThan(5);
      const large = { ...instance, clusters, featureDimension: 10_000, lambdaB: null };
      const started = performance.now();
      const [solution] = await solveBatch([large], { device: 'cpu' });
      expect(solution!.status, JSON.stringify(solution)).toBe('certified');
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});
