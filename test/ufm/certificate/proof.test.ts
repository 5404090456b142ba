import { describe, expect, it } from 'vitest';
import { certify } from '../../../ufm/certificate.js';
import { balance } from '../../../ufm/certificate/balance.js';
import { decide } from '../../../ufm/certificate/decisions.js';
import { dualLowerBound } from '../../../ufm/certificate/dual-bound.js';
import { dualPoint, residual, type DualPoint } from '../../../ufm/certificate/dual-point.js';
import { scaleToFeasible } from '../../../ufm/certificate/feasible-point.js';
import { lowerLambda, unitOf, upperLambda } from '../../../ufm/certificate/lambda.js';
import { optimalPredictions } from '../../../ufm/certificate/optimal-predictions.js';
import { primalUpperBound } from '../../../ufm/certificate/primal-bound.js';
import { UNDERFLOW, type Interval } from '../../../ufm/certificate/rounding.js';
import { rightSingularVectors } from '../../../ufm/linear-algebra/singular-values.js';
import { meanBlock } from '../../../ufm/objective.js';
import { emptyPredictions, predict } from '../../../ufm/predictions.js';
import { convexProblem } from '../../../ufm/problem.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { uniform } from '../random-instances.js';
import { instanceOf } from '../reference-instances.js';
import { exact, ONE, ZERO, type Decimal } from './decimals.js';
import { extremeCases, spread, type Case } from './extreme-cases.js';
import {
  balancedPoint,
  contrastOfA,
  meanSingularValues,
  near,
  pointOf,
  shrunkPoint,
  trueDivergence,
  trueDual,
  trueObjective,
  trueProblem,
  trueResidual,
  type TruePoint,
  type TrueProblem,
} from './truth.js';

const CASES = 200;

/** What the certificate makes of a case on its way, and what it should have been. */
interface Worked {
  readonly problem: ReturnType<typeof convexProblem>;
  readonly truth: TrueProblem;
  /** Dual points whose numbers stand for an exact point that is known. */
  readonly points: readonly { readonly point: DualPoint; readonly stands: TruePoint }[];
  readonly V: Float64Array;
}

function work({ instance, blocks }: Case): Worked {
  const problem = convexProblem(instance);
  const truth = trueProblem(instance);
  const predictions = emptyPredictions(problem.clusterCount);
  predict(problem, blocks, predictions);
  const point = dualPoint(problem, predictions);
  const V = rightSingularVectors(meanBlock(problem, blocks), problem.clusterCount, blocks.basis);
  const points = [];
  if (Number.isFinite(point.relativeError)) {
    points.push({ point, stands: pointOf(truth, point) });
    const balanced = balance(problem, point);
    if (balanced !== null) {
      points.push({ point: balanced, stands: balancedPoint(truth, pointOf(truth, balanced)) });
    }
  }
  return { problem, truth, points, V };
}

/** Points and what they are shrunk to; where the norm overflows nothing comes of it. */
function feasibleOf({ problem, truth, V, points }: Worked) {
  return points.flatMap(({ point, stands }) => {
    const feasible = scaleToFeasible(problem, point, V);
    if (Number.isNaN(feasible.theta)) return [];
    return { feasible, before: stands, stands: shrunkPoint(truth, stands, exact(feasible.theta)) };
  });
}

function expectWithin(value: number, truth: Decimal, error: Decimal): void {
  expect(exact(value).minus(truth).abs().lte(error), `${value} for ${truth.toString()}`).toBe(true);
}

function expectBelow(low: number, truth: Decimal): void {
  if (low === -Infinity || Number.isNaN(low)) return;
  expect(exact(low).lte(truth), `${low} below ${truth.toString()}`).toBe(true);
}

function expectAbove(high: number, truth: Decimal): void {
  if (high === Infinity || Number.isNaN(high)) return;
  expect(exact(high).gte(truth), `${high} above ${truth.toString()}`).toBe(true);
}

function expectInside({ low, high }: Interval, truth: Decimal): void {
  expectBelow(low, truth);
  expectAbove(high, truth);
}

/** An interval of floats around a number that is one or has no end in base two. */
function around(value: Decimal): Interval {
  const float = value.toNumber();
  return value.eq(1)
    ? { low: 1, high: 1 }
    : { low: float * (1 - 2e-16), high: float * (1 + 3e-16) };
}

function expectNumbersStandFor(problem: Worked['problem'], point: DualPoint, truth: TruePoint) {
  const { clusterCount: J, masses } = problem;
  const allowed = (value: number, a: number, c: number) =>
    exact(point.relativeError)
      .times(exact(value))
      .plus(exact(point.correction[a]!).times(exact(masses[c]!)))
      .plus(exact(Number.MIN_VALUE));
  for (let c = 0; c < J; c++) {
    expectWithin(point.own[c]!, truth.own[c]!, allowed(point.own[c]!, c, c));
    expectWithin(point.rest[c]!, truth.rest[c]!, allowed(point.rest[c]!, c, c));
    for (let a = 0; a < J; a++) {
      const entry = point.other[a * J + c]!;
      expectWithin(entry, truth.other[a * J + c]!, allowed(entry, a, c));
    }
  }
}

/** Feasible points with other predictions near by, and a number that their divergence does not exceed. */
function* neighbours(seed: number) {
  const random = uniform(seed);
  for (const next of extremeCases(seed, CASES)) {
    const worked = work(next);
    for (const { feasible, stands } of feasibleOf(worked)) {
      if (stands.other.some((entry) => entry.lte(0)) && feasible.theta === 0) continue;
      const optimum = near(worked.truth, stands, spread(random, -9, 0.3), random);
      const gap =
        trueDivergence(worked.truth, stands, optimum).toNumber() * (1 + 1e-15) + UNDERFLOW;
      if (Number.isFinite(gap)) yield { ...worked, feasible, stands, optimum, gap };
    }
  }
}

describe('lambda', () => {
  it('is between its bounds, down to where it underflows', () => {
    for (const { instance } of extremeCases(101, 500)) {
      const { lambda } = trueProblem(instance);
      const problem = convexProblem(instance);
      expectBelow(lowerLambda(problem), lambda);
      expectAbove(upperLambda(problem), lambda);
      if (problem.lambda > 1e-280) {
        expect(lowerLambda(problem)).toBeGreaterThan(problem.lambda * (1 - 1e-15));
      }
    }
  });
});

describe('a dual point', () => {
  it('is known within its error, as it is and balanced', () => {
    for (const next of extremeCases(102, CASES)) {
      const { problem, points } = work(next);
      for (const { point, stands } of points) expectNumbersStandFor(problem, point, stands);
    }
  });

  it('has a residual within the error that is told, and none where it is balanced', () => {
    let balanced = 0;
    for (const next of extremeCases(103, CASES)) {
      const { problem, truth, points } = work(next);
      for (const { point, stands } of points) {
        const left = trueResidual(truth, stands);
        if (point.isBalanced) {
          balanced++;
          for (const r of left) expect(r.abs().lt(truth.N.times('1e-45'))).toBe(true);
          for (const p of [...stands.own, ...stands.other]) expect(p.gte(0)).toBe(true);
        } else {
          const { value, error } = residual(problem, point);
          left.forEach((r, a) => {
            expectWithin(value[a]!, r, exact(error[a]!));
          });
        }
      }
    }
    expect(balanced).toBeGreaterThan(CASES / 4);
  });

  it('is within the norm that lambda allows once it is shrunk', () => {
    for (const next of extremeCases(104, CASES)) {
      const worked = work(next);
      for (const { feasible, before, stands } of feasibleOf(worked)) {
        const { truth, problem } = worked;
        expectNumbersStandFor(problem, feasible.point, stands);
        // A(T + theta (P - T)) = theta A(P), without the digits that targets take from a small theta.
        const shrunk = (norm: Decimal) => norm.times(exact(feasible.theta));
        const values = meanSingularValues(truth, before).map(shrunk);
        expect(values[0]!.lte(truth.lambda)).toBe(true);
        problem.classes.forEach((classes, j) => {
          if (classes === 1) return;
          expect(shrunk(contrastOfA(truth, before, j)).lte(truth.lambda)).toBe(true);
        });
        values.forEach((value, r) => {
          expectAbove(feasible.meanSingularValues[r]!, value.times(exact(unitOf(problem))));
        });
      }
    }
  });

  it('bounds the dual function from below, closely where lambda is not tiny', () => {
    let close = 0;
    for (const next of extremeCases(105, CASES)) {
      const worked = work(next);
      for (const { feasible, stands } of feasibleOf(worked)) {
        const { point } = feasible;
        if (!point.isBalanced && next.instance.lambdaB === 0) continue;
        const bound = dualLowerBound(worked.problem, point);
        const dual = trueDual(worked.truth, stands, point.isBalanced);
        expectBelow(bound, dual);
        if (exact(Number.isFinite(bound) ? bound : 0).gt(dual.times(1 - 1e-12))) close++;
      }
    }
    expect(close).toBeGreaterThan(CASES / 4);
  });
});

describe('the objective', () => {
  it('is at most its upper bound, at any blocks', () => {
    let close = 0;
    for (const { instance, blocks } of extremeCases(106, CASES)) {
      const problem = convexProblem(instance);
      const numbers = [...blocks.mean, ...blocks.contrast, ...(blocks.bias ?? [])];
      if (!numbers.every(Number.isFinite)) continue;
      const predictions = emptyPredictions(problem.clusterCount);
      predict(problem, blocks, predictions);
      const V = rightSingularVectors(meanBlock(problem, blocks), problem.clusterCount);
      const bound = primalUpperBound(problem, blocks, predictions, V);
      const objective = trueObjective(trueProblem(instance), blocks);
      expectAbove(bound, objective);
      if (Number.isFinite(bound) && exact(bound).lt(objective.times(1 + 1e-12))) close++;
    }
    expect(close).toBeGreaterThan(CASES / 2);
  });
});

describe('what a gap leaves open', () => {
  it('contains the predictions of every point within it', () => {
    for (const { problem, truth, feasible, optimum, gap } of neighbours(107)) {
      const { J, k } = truth;
      const predictions = optimalPredictions(problem, feasible.point, gap);
      for (let c = 0; c < J; c++) {
        expectInside(predictions.own(c), optimum.own[c]!);
        for (let a = 0; a < J; a++) {
          const one = optimum.other[a * J + c]!;
          if (a !== c || problem.classes[a]! > 1) expectInside(predictions.other(a, c), one);
          const mass = a === c ? optimum.own[c]!.plus(k[a]!.minus(1).times(one)) : k[a]!.times(one);
          expectInside(predictions.mass(a, c), mass);
        }
        if (problem.classes[c]! > 1) {
          for (const odds of [ONE, truth.margin[c]!.neg().exp()]) {
            const apart = optimum.own[c]!.minus(odds.times(optimum.other[c * J + c]!));
            expectInside(predictions.contrast(c, around(odds)), apart);
          }
        }
      }
    }
  });

  it('lets no flag stand that any point within it contradicts', () => {
    const seen = new Map<string, number>();
    const saw = (word: string) => seen.set(word, (seen.get(word) ?? 0) + 1);
    for (const { problem, truth, feasible, optimum, gap } of neighbours(108)) {
      const { J, k } = truth;
      const { collapsed, meanCollapsed, leastRank, rankBound } = decide(problem, feasible, gap);
      let contrasts = 0;
      collapsed.forEach((flag, j) => {
        if (flag !== true) contrasts += problem.classes[j]! - 1;
        const odds = truth.margin[j]!.neg().exp();
        const apart = optimum.own[j]!.minus(odds.times(optimum.other[j * J + j]!));
        if (flag === true) expect(contrastOfA(truth, optimum, j).lt(truth.lambda)).toBe(true);
        if (flag === false) expect(apart.gt(0)).toBe(true);
        saw(`collapsed ${String(flag)}`);
      });
      const reaching = meanSingularValues(truth, optimum).filter((s) => s.gte(truth.lambda)).length;
      expect(rankBound - contrasts).toBeGreaterThanOrEqual(Math.min(reaching, J - 1));
      expect(leastRank).toBeLessThanOrEqual(rankBound);
      if (meanCollapsed === false) {
        const meanLog = (j: number) =>
          optimum.own[j]!.ln()
            .plus(k[j]!.gt(1) ? k[j]!.minus(1).times(optimum.other[j * J + j]!.ln()) : ZERO)
            .div(k[j]!);
        const differ = k.some((_, a) =>
          k.some(
            (_, c) =>
              a < c &&
              meanLog(a)
                .minus(optimum.other[c * J + a]!.ln())
                .plus(meanLog(c).minus(optimum.other[a * J + c]!.ln()))
                .plus(truth.margin[a]!.div(k[a]!))
                .plus(truth.margin[c]!.div(k[c]!))
                .gt(0),
          ),
        );
        expect(differ).toBe(true);
      }
      saw(`mean ${String(meanCollapsed)}`);
    }
    for (const word of ['collapsed true', 'collapsed false', 'mean true', 'mean false']) {
      expect(seen.get(word), word).toBeGreaterThan(10);
    }
  });
});

describe('a certificate', () => {
  it('never has a bound above the objective or below zero, and says so of every lambda', () => {
    for (const { instance, blocks } of extremeCases(109, CASES)) {
      const { lowerBound } = certify(instance, blocks);
      expect(lowerBound).toBeGreaterThanOrEqual(0);
      const numbers = [...blocks.mean, ...blocks.contrast, ...(blocks.bias ?? [])];
      if (!numbers.every(Number.isFinite)) continue;
      expectBelow(lowerBound, trueObjective(trueProblem(instance), blocks));
    }
  });

  it('is as close at a lambda of 1e-200 as at any other', () => {
    for (const lambda of [1e-3, 1e-100, 1e-162, 1e-200, 1e-280]) {
      const instance = instanceOf([[5, 1000]], lambda, 0);
      const { blocks } = solveExact(instance);
      const objective = trueObjective(trueProblem(instance), blocks).toNumber();
      expect(certify(instance, blocks).lowerBound).toBeGreaterThan(objective * (1 - 1e-12));
    }
  });
});
