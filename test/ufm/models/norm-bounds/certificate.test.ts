import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../../study/instance.js';
import type { BlockLogits } from '../../../../ufm/blocks.js';
import { dualPoint } from '../../../../ufm/certificate/dual-point.js';
import { optimalPredictions } from '../../../../ufm/certificate/optimal-predictions.js';
import { UNDERFLOW } from '../../../../ufm/certificate/rounding.js';
import { certifyBounded } from '../../../../ufm/models/norm-bounds/certificate.js';
import { multiplierBelow } from '../../../../ufm/models/norm-bounds/multiplier.js';
import { boundedProblem } from '../../../../ufm/models/norm-bounds/problem.js';
import { searchMultiplier } from '../../../../ufm/models/norm-bounds/search.js';
import { emptyPredictions, predict } from '../../../../ufm/predictions.js';
import { exact, ONE, sum, ZERO, type Decimal } from '../../certificate/decimals.js';
import { spread } from '../../certificate/extreme-cases.js';
import {
  contrastOfA,
  meanSingularValues,
  near,
  pointOf,
  trueDivergence,
  trueDual,
  trueObjective,
  trueProblem,
  type TruePoint,
  type TrueProblem,
} from '../../certificate/truth.js';
import { normal, uniform } from '../../random-instances.js';
import { expectBelow } from '../expect-bounds.js';
import { extremeModels } from '../extreme-models.js';

const CASES = 40;

function truthOf(instance: Instance): TrueProblem & { readonly radius: Decimal } {
  const truth = { ...trueProblem(instance), lambda: ZERO };
  const radius = exact(instance.boundW!).times(exact(instance.boundH!)).sqrt().times(sum(truth.k));
  return { ...truth, squares: truth.k.map(() => ONE), radius };
}

/** |A(P)|_2. */
function normOf(truth: TrueProblem, point: TruePoint): Decimal {
  const contrasts = truth.k.map((k, j) => (k.gt(1) ? contrastOfA(truth, point, j) : ZERO));
  return [...contrasts, meanSingularValues(truth, point)[0]!].reduce((a, b) => (a.gt(b) ? a : b));
}

function shaken(blocks: BlockLogits, random: () => number): BlockLogits {
  const size = spread(random, -12, 0);
  const move = (x: number) => x * (1 + size * normal(random));
  return { ...blocks, contrast: blocks.contrast.map(move), mean: blocks.mean.map(move) };
}

function* solved(seed: number) {
  const random = uniform(seed);
  for (const instance of extremeModels('norm bounds', random, CASES)) {
    const problem = boundedProblem(instance);
    const { blocks } = searchMultiplier(instance, problem);
    yield { random, problem, truth: truthOf(instance), blocks };
  }
}

describe('the certificate of norm bounds', () => {
  it('never has a bound above D in 60 digits, nor above the loss that is reached, which is close', () => {
    let close = 0;
    for (const { random, problem, truth, blocks } of solved(601)) {
      for (const each of [blocks, shaken(blocks, random)]) {
        const predictions = emptyPredictions(problem.clusterCount);
        predict(problem, each, predictions);
        const point = dualPoint(problem, predictions);
        const { lowerBound } = certifyBounded(problem, each);
        if (lowerBound > 0) {
          const stands = pointOf(truth, point);
          const cost = truth.radius.times(normOf(truth, stands));
          expectBelow(lowerBound, trueDual(truth, stands, true).minus(cost));
        }
        const loss = trueObjective(truth, blocks);
        expectBelow(lowerBound, loss);
        if (each === blocks && exact(lowerBound).gt(loss.times(1 - 1e-10))) close++;
      }
    }
    expect(close).toBeGreaterThan(0.9 * CASES);
  });

  it('has logits within the bound in 60 digits', () => {
    for (const { truth, blocks } of solved(602)) {
      const loss = trueObjective(truth, blocks);
      const norm = trueObjective({ ...truth, lambda: ONE }, blocks).minus(loss);
      expect(norm.lte(truth.radius)).toBe(true);
      expect(norm.gt(truth.radius.times(1 - 1e-9))).toBe(true);
    }
  });

  it('knows a multiplier below that of any point within the gap', () => {
    let close = 0;
    for (const { random, problem, truth, blocks } of solved(603)) {
      const predictions = emptyPredictions(problem.clusterCount);
      predict(problem, blocks, predictions);
      const point = dualPoint(problem, predictions);
      const stands = pointOf(truth, point);
      const optimum = near(truth, stands, spread(random, -12, -2), random);
      const gap = trueDivergence(truth, stands, optimum).toNumber() * (1 + 1e-15) + UNDERFLOW;
      if (!Number.isFinite(gap)) continue;
      const optimal = optimalPredictions(problem, point, gap);
      const J = problem.clusterCount;
      const draw = () => Float64Array.from({ length: J }, () => normal(random));
      const norm = normOf(truth, optimum);
      const below = multiplierBelow(problem, optimal, draw(), draw());
      expectBelow(below, norm);
      if (exact(below).gt(norm.times(0.9))) close++;
    }
    expect(close).toBeGreaterThan(CASES / 4);
  });
});
