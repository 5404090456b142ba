import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../../study/instance.js';
import { nuclearProx } from '../../../../ufm/exact/nuclear-prox.js';
import { certifySquaredError } from '../../../../ufm/models/squared-error/certificate.js';
import {
  squaredErrorProblem,
  type SquaredErrorProblem,
} from '../../../../ufm/models/squared-error/problem.js';
import {
  closedForm,
  objectiveAt,
  type Point,
} from '../../../../ufm/models/squared-error/closed-form.js';
import { exact, ONE, singularValues, sum, ZERO, type Decimal } from '../../certificate/decimals.js';
import { spread } from '../../certificate/extreme-cases.js';
import { normal, uniform } from '../../random-instances.js';
import { instanceOf } from '../../reference-instances.js';
import { expectBelow, tally } from '../expect-bounds.js';
import { extremeModels } from '../extreme-models.js';

const CASES = 100;

interface Truth {
  readonly optimum: Decimal;
  /** N lambda, and what is compared with it: each cluster's contrasts, the mean block's singular values. */
  readonly threshold: Decimal;
  readonly contrasts: readonly Decimal[];
  readonly means: readonly Decimal[];
}

/** The optimum in 60 digits, by the singular values of what Y is to approximate. */
function truthOf(instance: Instance): Truth {
  const { clusters, lambdaW, lambdaH, lambdaB, labelSmoothing = 0, labelNoise = 0 } = instance;
  const k = clusters.map(([classes]) => exact(classes));
  const n = clusters.map(([, samples]) => exact(samples));
  const N = sum(k.map((classes, j) => classes.times(n[j]!)));
  const K = sum(k);
  const kept = ONE.minus(exact(labelSmoothing));
  const lead = kept.times(ONE.minus(exact(labelNoise).times(K).div(K.minus(1))));
  const other = kept.times(exact(labelNoise)).div(K.minus(1)).plus(exact(labelSmoothing).div(K));
  const s = k.map((classes, j) => classes.times(n[j]!).sqrt());
  const J = clusters.length;
  const block = Array.from({ length: J * J }, (_, at) => {
    const [a, c] = [Math.floor(at / J), at % J];
    const own = a === c ? lead.times(n[a]!.sqrt()) : ZERO;
    if (lambdaB === null) return own.plus(other.times(k[a]!.sqrt()).times(s[c]!));
    return own.minus(lead.times(n[a]!.sqrt()).times(s[a]!).times(s[c]!).div(N));
  });
  const threshold = exact(lambdaW).times(exact(lambdaH)).sqrt().times(N);
  const contrasts = n.map((samples) => lead.times(samples.sqrt()));
  const means = singularValues(block, J);
  // That of s.
  if (lambdaB !== null) means[J - 1] = ZERO;
  const cost = (value: Decimal) =>
    value.gt(threshold)
      ? threshold.times(value).minus(threshold.times(threshold).div(2))
      : value.times(value).div(2);
  const ofContrasts = contrasts.map((value, j) => k[j]!.minus(1).times(cost(value)));
  return { optimum: sum([...ofContrasts, ...means.map(cost)]).div(N), threshold, contrasts, means };
}

/** Y and what it is the prox of, moved: the proof trusts neither. */
function shaken(problem: SquaredErrorProblem, random: () => number): Point {
  const size = spread(random, -14, 0);
  const move = (x: number) => x * (1 + size * normal(random));
  const { clusterCount: J, threshold } = problem;
  return {
    contrasts: closedForm(problem).contrasts.map(move),
    mean: nuclearProx(problem.mean.map(move), J, threshold),
  };
}

function* points(seed: number) {
  const random = uniform(seed);
  for (const instance of extremeModels('squared error', random, CASES)) {
    const problem = squaredErrorProblem(instance);
    const truth = truthOf(instance);
    yield { instance, problem, truth, point: closedForm(problem), isShaken: false };
    yield { instance, problem, truth, point: shaken(problem, random), isShaken: true };
  }
}

describe('the certificate of squared error', () => {
  it('never has a bound above the optimum in 60 digits, and is close to it at the closed form', () => {
    let close = 0;
    for (const { problem, truth, point, isShaken } of points(201)) {
      const { lowerBound } = certifySquaredError(problem, point);
      expectBelow(lowerBound, truth.optimum);
      if (!isShaken && exact(lowerBound).gt(truth.optimum.times(1 - 1e-11))) close++;
    }
    expect(close).toBeGreaterThan(0.7 * CASES);
  });

  it('has the optimum as its objective', () => {
    for (const { problem, truth, point, isShaken } of points(202)) {
      if (isShaken || truth.optimum.lt(1e-290)) continue;
      const relative = exact(objectiveAt(problem, point)).div(truth.optimum).minus(1);
      expect(relative.abs().lt(1e-11), relative.toString()).toBe(true);
    }
  });

  it('lets no flag and no bound of the rank stand that the optimum contradicts', () => {
    const { saw, expectOften } = tally();
    for (const { instance, problem, truth, point } of points(203)) {
      const { collapsed, meanCollapsed, leastRank, rankBound } = certifySquaredError(
        problem,
        point,
      );
      const { threshold, contrasts, means } = truth;
      let rank = means.filter((value) => value.gt(threshold)).length;
      collapsed.forEach((flag, j) => {
        const isThere = contrasts[j]!.gt(threshold);
        if (isThere) rank += instance.clusters[j]![0] - 1;
        if (flag !== null) expect(flag).toBe(!isThere);
        saw(`collapsed ${String(flag)}`);
      });
      if (meanCollapsed !== null) expect(meanCollapsed).toBe(!means[0]!.gt(threshold));
      saw(`mean ${String(meanCollapsed)}`);
      expect(leastRank).toBeLessThanOrEqual(rank);
      expect(rankBound).toBeGreaterThanOrEqual(rank);
    }
    expectOften(['collapsed true', 'collapsed false', 'mean true', 'mean false'], CASES / 10);
  });

  it('claims nothing where noise leaves nothing of a label but rounding', () => {
    for (const labelNoise of [0.75, 0.75 * (1 - 2 ** -53), 0.75 * (1 - 2 ** -50)]) {
      const clusters = [
        [2, 50],
        [2, 10],
      ] as const;
      const instance = instanceOf(clusters, 1e-12, 0, { loss: 'squared-error', labelNoise });
      const problem = squaredErrorProblem(instance);
      const { lowerBound, collapsed } = certifySquaredError(problem, closedForm(problem));
      if (!Number.isNaN(lowerBound)) expectBelow(lowerBound, truthOf(instance).optimum);
      if (labelNoise === 0.75) expect(collapsed).toEqual([null, null]);
    }
  });
});
