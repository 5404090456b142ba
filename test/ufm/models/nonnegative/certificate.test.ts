import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../../study/instance.js';
import type { BlockLogits } from '../../../../ufm/blocks.js';
import { balance } from '../../../../ufm/certificate/balance.js';
import { dualPoint } from '../../../../ufm/certificate/dual-point.js';
import { proveBiasedClasses } from '../../../../ufm/models/nonnegative/biased-classes.js';
import {
  distanceAbove,
  intervalsOf,
  productAbove,
  scaleToCopositive,
} from '../../../../ufm/models/nonnegative/copositive-point.js';
import { solveGroupLasso } from '../../../../ufm/models/nonnegative/group-lasso.js';
import { leadOf, proveLoneClasses } from '../../../../ufm/models/nonnegative/lone-classes.js';
import { nonnegativeProblem } from '../../../../ufm/models/nonnegative/problem.js';
import { emptyPredictions, predict } from '../../../../ufm/predictions.js';
import {
  exact,
  log1p,
  ONE,
  singularValues,
  sum,
  ZERO,
  type Decimal,
} from '../../certificate/decimals.js';
import { spread } from '../../certificate/extreme-cases.js';
import {
  balancedPoint,
  pointOf,
  shrunkPoint,
  trueObjective,
  trueProblem,
  type TruePoint,
  type TrueProblem,
} from '../../certificate/truth.js';
import { normal, uniform } from '../../random-instances.js';
import { expectAbove, expectBelow, tally } from '../expect-bounds.js';
import { extremeModels } from '../extreme-models.js';

const CASES = 30;

function* problems(seed: number, withBias: boolean) {
  const random = uniform(seed);
  for (const instance of extremeModels('nonnegative features', random, 2 * CASES)) {
    if ((instance.lambdaB !== null) !== withBias) continue;
    yield { random, instance, problem: nonnegativeProblem(instance), truth: trueProblem(instance) };
  }
}

/** c_j / s_j. */
function pull({ m, squares, N }: TrueProblem, j: number): Decimal {
  return m[j]!.div(squares[j]!.sqrt()).div(N);
}

describe('classes without a bias', () => {
  /** x of each cluster, and the optimum in 60 digits. */
  function optimumOf(truth: TrueProblem) {
    const K = sum(truth.k);
    const spreadOf = K.minus(1).div(K).sqrt();
    const wrong = truth.k.map((_, j) => truth.lambda.div(pull(truth, j)).times(spreadOf));
    const parts = wrong.map((x, j) => {
      if (x.gte(ONE.minus(ONE.div(K)))) return truth.weights[j]!.times(K.ln());
      const lead = K.minus(1).times(ONE.div(x).minus(1)).ln();
      return truth.weights[j]!.times(log1p(x.neg()).neg().plus(x.times(lead)));
    });
    return { optimum: sum(parts), wrong, K };
  }

  it('have a bound below the optimum in 60 digits and close to it, and only flags that it bears out', () => {
    const { saw, expectOften } = tally();
    for (const { random, problem, truth } of problems(501, false)) {
      const { optimum, wrong, K } = optimumOf(truth);
      const solution = problem.classes.map((_, j) => leadOf(problem, j));
      const size = spread(random, -14, 0);
      const moved = solution.map((lead) => Math.abs(lead * (1 + size * normal(random))));
      for (const leads of [solution, moved]) {
        const { lowerBound, states } = proveLoneClasses(problem, leads);
        expectBelow(lowerBound, optimum);
        if (exact(lowerBound).gt(optimum.times(1 - 1e-12))) saw('close');
        states.forEach((isAlive, j) => {
          if (isAlive !== null) expect(isAlive).toBe(wrong[j]!.lt(ONE.minus(ONE.div(K))));
          saw(String(isAlive));
        });
      }
    }
    expectOften(['close', 'true', 'false'], CASES / 4);
  });
});

/** Points of the dual problem, and what they stand for: predictions of logits that solve the lasso, or are drawn. */
function* points(seed: number) {
  for (const each of problems(seed, true)) {
    const { problem, truth, random } = each;
    const blocks = random() < 0.6 ? solveGroupLasso(problem).blocks : drawn(random, each.instance);
    const predictions = emptyPredictions(problem.clusterCount);
    predict(problem, blocks, predictions);
    const point = dualPoint(problem, predictions);
    if (!Number.isFinite(point.relativeError)) continue;
    yield { ...each, blocks, point, stands: pointOf(truth, point) };
    const balanced = balance(problem, point);
    if (balanced === null) continue;
    const stands = balancedPoint(truth, pointOf(truth, balanced));
    yield { ...each, blocks, point: balanced, stands };
  }
}

function drawn(random: () => number, { clusters }: Instance): BlockLogits {
  const size = spread(random, -3, 1);
  const draw = (length: number) => Float64Array.from({ length }, () => size * normal(random));
  const J = clusters.length;
  const contrast = draw(J).map((s, j) => (clusters[j]![0] > 1 ? Math.abs(s) : 0));
  return { contrast, mean: draw(J * J), bias: draw(J) };
}

/** Places of a class of each cluster and, where it has one, of its neighbour, in the order of all classes. */
function placesOf({ k }: TrueProblem): { readonly one: number; readonly next: number | null }[] {
  let first = 0;
  return k.map((classes) => {
    const one = first;
    first += classes.toNumber();
    return { one, next: classes.gt(1) ? one + 1 : null };
  });
}

/** <p_k - e_k, p_l - e_l>, from what each class of the K is predicted. */
function productOf(
  { k, J }: TrueProblem,
  { rest, other }: TruePoint,
  l: number,
  m: number,
): Decimal {
  const clusterOf = k.flatMap((classes, j) => Array<number>(classes.toNumber()).fill(j));
  const entry = (i: number, column: number) => {
    const c = clusterOf[column]!;
    return i === column ? rest[c]!.neg() : other[clusterOf[i]! * J + c]!;
  };
  return sum(clusterOf.map((_, i) => entry(i, l).times(entry(i, m))));
}

/** The largest eigenvalue of (A'A)^+, whose eigenvectors are contrasts of a cluster or the same on each. */
function largestEigenvalue(truth: TrueProblem, point: TruePoint): Decimal {
  const places = placesOf(truth);
  const pulls = truth.k.map((_, j) => pull(truth, j));
  const scaled = (c: number, d: number, l: number, m: number) =>
    productOf(truth, point, l, m).times(pulls[c]!).times(pulls[d]!);
  const positive = (x: Decimal) => (x.lt(0) ? ZERO : x);
  const within = places.map(({ one, next }, c) =>
    next === null ? ZERO : positive(scaled(c, c, one, next)),
  );
  const squares = places.map(({ one }, c) => scaled(c, c, one, one));
  const block = places.flatMap(({ one }, c) =>
    places.map((other, d) =>
      c === d
        ? squares[c]!.plus(within[c]!.times(truth.k[c]!.minus(1)))
        : positive(scaled(c, d, one, other.one)).times(truth.k[c]!.times(truth.k[d]!).sqrt()),
    ),
  );
  const contrasts = squares.map((square, c) => square.minus(within[c]!));
  return [...contrasts, singularValues(block, truth.J)[0]!].reduce((x, y) => (x.gt(y) ? x : y));
}

describe('classes with a bias', () => {
  it('have columns of A whose lengths and products are below their bounds', () => {
    for (const { problem, truth, point, stands } of points(502)) {
      const p = intervalsOf(problem, point);
      const places = placesOf(truth);
      places.forEach(({ one, next }, c) => {
        expectAbove(distanceAbove(problem, p, c), productOf(truth, stands, one, one).sqrt());
        places.forEach((other, d) => {
          const l = c === d ? next : other.one;
          if (l === null) return;
          expectAbove(productAbove(problem, p, c, d), productOf(truth, stands, one, l));
        });
      });
    }
  });

  it('have a point that is feasible for features of any direction once it is shrunk', () => {
    for (const { problem, truth, point, stands } of points(503)) {
      const { theta } = scaleToCopositive(problem, point);
      if (Number.isNaN(theta)) continue;
      const largest = largestEigenvalue(truth, shrunkPoint(truth, stands, exact(theta)));
      const square = truth.lambda.times(truth.lambda);
      expect(largest.lte(square.times(ONE.plus('1e-45')))).toBe(true);
    }
  });

  it('have a bound below the group lasso and below what features in common cost', () => {
    const { saw, expectOften } = tally();
    for (const { problem, truth, blocks, random } of points(504)) {
      const { lowerBound, states } = proveBiasedClasses(problem, blocks);
      const withoutNorm = trueObjective({ ...truth, lambda: ZERO }, blocks);
      const lengths = truth.k.map((classes, c) => {
        const contrast = exact(blocks.contrast[c]!);
        const ofContrast = contrast.times(contrast).times(ONE.minus(ONE.div(classes)));
        const means = truth.k.map((ofA, a) =>
          ofA.times(exact(blocks.mean[a * truth.J + c]!).pow(2)),
        );
        return classes.times(truth.squares[c]!.sqrt()).times(sum(means).plus(ofContrast).sqrt());
      });
      expectBelow(lowerBound, withoutNorm.plus(truth.lambda.times(sum(lengths))));
      for (let i = 0; i < 30; i++) {
        expect(lowerBound).toBeLessThanOrEqual(costOfShared(truth, random));
      }
      for (const isAlive of states) saw(String(isAlive));
    }
    expectOften(['true', 'false'], 5);
  });
});

/** F at a few features, each of a random direction that is not negative, and a bias; less the rounding of float64. */
function costOfShared(truth: TrueProblem, random: () => number): number {
  const clusterOf = truth.k.flatMap((classes, j) => Array<number>(classes.toNumber()).fill(j));
  const [m, squares] = [truth.m, truth.squares].map((list) => list.map((x) => x.toNumber()));
  const size = spread(random, -2, 1);
  const draw = () => size * normal(random);
  const logits = clusterOf.map(() => clusterOf.map(() => 0));
  let cost = 0;
  for (let feature = 0; feature < 1 + Math.floor(3 * random()); feature++) {
    const w = clusterOf.map(draw);
    const h = clusterOf.map(() => Math.abs(draw()));
    cost += truth.lambda.toNumber() * Math.hypot(...w) * Math.hypot(...h);
    w.forEach((ofClass, i) => {
      h.forEach((ofSample, l) => {
        logits[i]![l]! += (ofClass * ofSample) / Math.sqrt(squares![clusterOf[l]!]!);
      });
    });
  }
  const bias = clusterOf.map(draw);
  clusterOf.forEach((c, l) => {
    const z = logits.map((row, i) => row[l]! + bias[i]!);
    const largest = Math.max(...z);
    const total = z.reduce((all, logit) => all + Math.exp(logit - largest), 0);
    cost += (m![c]! / truth.N.toNumber()) * (Math.log(total) + largest - z[l]!);
  });
  const square = bias.reduce((all, b) => all + b * b, 0);
  return (cost + ((truth.lambdaB ?? ZERO).toNumber() / 2) * square) * (1 - 1e-12);
}
