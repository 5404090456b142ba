import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../study/instance.js';
import { balance } from '../../../ufm/first-order/balance.js';
import { readIterate } from '../../../ufm/first-order/iterate.js';
import { randomStart } from '../../../ufm/first-order/start.js';
import { uniform } from '../random-instances.js';
import { randomMember } from '../random-members.js';
import { evaluateAsStated } from './as-stated.js';
import { exampleInstance } from './example.js';

describe('readIterate', () => {
  it('finds F as it is stated, whatever the remedies, for class means and for samples', () => {
    const random = uniform(1);
    for (let i = 0; i < 200; i++) {
      const plain = exampleInstance({
        lambdaW: 0.02,
        lambdaH: 0.0005,
        lambdaB: [null, 0, 0.02][i % 3]!,
        form: (['class-means', 'per-sample'] as const)[i % 2]!,
      });
      const instance = randomMember(random, plain);
      const { found, stated } = bothAtStart(instance, i);
      expect(Math.abs(found / stated - 1)).toBeLessThan(1e-12);
    }
  });

  it('finds the differences of F whose gradient is that of the objective as it is stated', () => {
    const random = uniform(2);
    for (let i = 0; i < 20; i++) {
      const instance = randomMember(random, exampleInstance());
      const problem = balance(instance);
      const at = randomStart(problem, i);
      const direction = at.map(() => random() - 0.5);
      const { gradient } = evaluateAsStated(instance, problem, at);
      const slope = gradient.reduce((sum, g, k) => sum + g * direction[k]!, 0);
      const step = 1e-5;
      const [up, down] = [step, -step].map((length) => {
        const moved = at.map((x, k) => x + length * direction[k]!);
        return readIterate(instance, problem, moved).objective;
      });
      const difference = (up! - down!) / (2 * step);
      expect(Math.abs(difference - slope)).toBeLessThan(1e-7 * Math.abs(slope) + 1e-9);
    }
  });

  it('keeps the digits of a small loss, with margins and without', () => {
    // Two classes whose features are e_1 and e_2, and W their multiple: logits 40 apart.
    const instance = exampleInstance({ clusters: [[2, 1]], featureDimension: 2, lambdaB: null });
    for (const margins of [undefined, [3]]) {
      const problem = balance({ ...instance, ...(margins && { margins }) });
      const vector = Float64Array.of(40, 0, 0, 40, 0, 0, 1, 0, 0, 1);
      const { objective } = readIterate(instance, problem, vector);
      const penalty = (0.004 * (2 * 40 ** 2 + 2)) / 2;
      const margin = margins?.[0] ?? 0;
      const without = readIterate({ ...instance, lambdaW: 0, lambdaH: 0 }, problem, vector);
      expect(objective).toBeCloseTo(penalty, 12);
      expect(without.objective / Math.log1p(Math.exp(margin - 40))).toBeCloseTo(1, 14);
    }
  });
});

function bothAtStart(instance: Instance, seed: number) {
  const problem = balance(instance);
  const start = randomStart(problem, seed);
  return {
    found: readIterate(instance, problem, start).objective,
    stated: evaluateAsStated(instance, problem, start).objective,
  };
}
