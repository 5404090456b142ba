import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../../study/instance.js';
import { certifyFixedEtf } from '../../../../ufm/models/fixed-etf/certificate.js';
import { leadUnder } from '../../../../ufm/models/fixed-etf/solve.js';
import { convexProblem } from '../../../../ufm/problem.js';
import { solveBatch } from '../../../../ufm/solve.js';
import { exact, log1p, ONE, sum, type Decimal } from '../../certificate/decimals.js';
import { spread } from '../../certificate/extreme-cases.js';
import { normal, uniform } from '../../random-instances.js';
import { instanceOf } from '../../reference-instances.js';
import { expectBelow, tally } from '../expect-bounds.js';
import { extremeModels } from '../extreme-models.js';

const CASES = 40;

/** Of each cluster kappa in 60 digits. */
function pricesOf({ clusters, lambdaH, classWeights }: Instance): Decimal[] {
  const N = sum(clusters.map(([k, n]) => exact(k).times(exact(n))));
  return clusters.map((_, j) =>
    exact(lambdaH)
      .times(N)
      .div(exact(classWeights?.[j] ?? 1)),
  );
}

/** F at leads u, the features being the shortest that have them. */
function objectiveAt(instance: Instance, leads: readonly Decimal[]): Decimal {
  const { clusters, classWeights } = instance;
  const K = sum(clusters.map(([k]) => exact(k)));
  const N = sum(clusters.map(([k, n]) => exact(k).times(exact(n))));
  const kappa = pricesOf(instance);
  return sum(
    clusters.map(([k, n], j) => {
      const weight = exact(classWeights?.[j] ?? 1)
        .times(exact(k).times(exact(n)))
        .div(N);
      const length = leads[j]!.times(K.minus(1)).div(K);
      const loss = log1p(K.minus(1).times(leads[j]!.neg().exp()));
      return weight.times(loss.plus(kappa[j]!.times(length).times(length).div(2)));
    }),
  );
}

/** The root of log u + u + log1p((K-1) e^-u) = log(beta K), from a number near it. */
function trueLead(kappa: Decimal, K: Decimal, near: number): Decimal {
  const goal = K.times(K).div(K.minus(1)).div(kappa).ln();
  let u = exact(near);
  for (let step = 0; step < 8; step++) {
    const odds = K.minus(1).times(u.neg().exp());
    const value = u.ln().plus(u).plus(log1p(odds)).minus(goal);
    u = u.minus(value.div(ONE.div(u).plus(ONE.div(odds.plus(1)))));
  }
  return u;
}

describe('the certificate of a fixed classifier', () => {
  it('never has a bound above the optimum in 60 digits, and is close to it at the solution', () => {
    const random = uniform(401);
    for (const instance of extremeModels('a fixed classifier', random, CASES)) {
      const problem = convexProblem(instance);
      const K = exact(problem.classCount);
      const kappa = pricesOf(instance);
      const prices = Float64Array.from(kappa, (price) => price.toNumber());
      const solution = prices.map((price) => leadUnder(price, problem.classCount));
      const truth = kappa.map((price, j) => trueLead(price, K, solution[j]!));
      const optimum = objectiveAt(instance, truth);
      const { lowerBound } = certifyFixedEtf(problem, prices, solution);
      expectBelow(lowerBound, optimum);
      expect(exact(lowerBound).gt(optimum.times(1 - 1e-12))).toBe(true);
      const size = spread(random, -14, 0);
      const moved = solution.map((lead) => Math.abs(lead * (1 + size * normal(random))));
      expectBelow(certifyFixedEtf(problem, prices, moved).lowerBound, optimum);
    }
  });

  it('never says that anything has collapsed, and nearly always that it has not', () => {
    const random = uniform(402);
    const { saw, expectOften } = tally();
    for (const instance of extremeModels('a fixed classifier', random, CASES)) {
      const problem = convexProblem(instance);
      const prices = Float64Array.from(pricesOf(instance), (price) => price.toNumber());
      const solution = prices.map((price) => leadUnder(price, problem.classCount));
      const { collapsed, meanCollapsed } = certifyFixedEtf(problem, prices, solution);
      for (const flag of [...collapsed, meanCollapsed]) {
        expect(flag).not.toBe(true);
        saw(String(flag));
      }
    }
    expectOften(['false'], CASES);
  });

  it('says the same whatever the sample counts, and needs a feature less than there are classes', async () => {
    const solve = async (samples: number, featureDimension: number) => {
      const total = 5 * samples + 5 * 7;
      const instance = instanceOf(
        [
          [5, samples],
          [5, 7],
        ],
        0,
        null,
        { classifier: 'fixed-etf', lambdaH: 0.3 / total, featureDimension },
      );
      const [solution] = await solveBatch([instance], { device: 'cpu' });
      return solution!;
    };
    const [few, many] = [await solve(8, 9), await solve(1e6, 9)];
    expect(few).toMatchObject({ status: 'certified', rank: 9, collapsed: [false, false] });
    expect(many.normH![0]! / many.normH![1]!).toBeCloseTo(1, 12);
    expect(many.normH![0]! / few.normH![0]!).toBeCloseTo(1, 12);
    expect(many.etfDistanceW).toBeCloseTo(0, 12);
    expect(many.normW).toEqual([1, 1]);
    expect((await solve(8, 8)).message).toMatch(/takes 9 features, and this point has 8/);
  });
});
