import type { Instance } from '../../../study/instance.js';
import type { BlockLogits } from '../../../ufm/blocks.js';
import type { Predictions } from '../../../ufm/predictions.js';
import {
  divergenceTerm,
  exact,
  exactAll,
  log1p,
  ONE,
  singularValues,
  sum,
  ZERO,
  type Decimal,
} from './decimals.js';

/** The convex problem in 60 digits, from what the instance says and nothing that was computed of it. */
export interface TrueProblem {
  readonly J: number;
  readonly k: readonly Decimal[];
  readonly n: readonly Decimal[];
  readonly N: Decimal;
  readonly weights: readonly Decimal[];
  readonly lambda: Decimal;
  readonly lambdaB: Decimal | null;
}

export function trueProblem({ clusters, lambdaW, lambdaH, lambdaB }: Instance): TrueProblem {
  const k = clusters.map(([classes]) => exact(classes));
  const n = clusters.map(([, samples]) => exact(samples));
  const N = sum(k.map((classes, j) => classes.times(n[j]!)));
  return {
    J: clusters.length,
    k,
    n,
    N,
    weights: k.map((classes, j) => classes.times(n[j]!).div(N)),
    lambda: exact(lambdaW).times(exact(lambdaH)).sqrt(),
    lambdaB: lambdaB === null ? null : exact(lambdaB),
  };
}

/** Column-stochastic predictions, as `Predictions`: `other` is J x J. */
export interface TruePoint {
  readonly own: readonly Decimal[];
  readonly rest: readonly Decimal[];
  readonly other: readonly Decimal[];
}

/** How many classes of cluster a are others than a sample's of cluster c. */
function othersOf({ k }: TrueProblem, a: number, c: number): Decimal {
  return a === c ? k[a]!.minus(1) : k[a]!;
}

/** The point that floats stand for: divided by their exact sum. */
export function pointOf(
  problem: TrueProblem,
  { own, other }: Pick<Predictions, 'own' | 'other'>,
): TruePoint {
  const { J } = problem;
  const floats = exactAll(other);
  const clusters = [...problem.k.keys()];
  const rest = clusters.map((c) =>
    sum(clusters.map((a) => floats[a * J + c]!.times(othersOf(problem, a, c)))),
  );
  const total = rest.map((others, c) => others.plus(exact(own[c]!)));
  return {
    own: total.map((all, c) => exact(own[c]!).div(all)),
    rest: total.map((all, c) => rest[c]!.div(all)),
    other: floats.map((entry, at) => entry.div(total[at % J]!)),
  };
}

/** (P - I) n for a class of each cluster. */
export function trueResidual({ J, k, n }: TrueProblem, { other }: TruePoint): Decimal[] {
  return k.map((_, a) =>
    sum(
      k.map((ofC, c) =>
        a === c
          ? ZERO
          : ofC.times(n[c]!.times(other[a * J + c]!).minus(n[a]!.times(other[c * J + a]!))),
      ),
    ),
  );
}

/** P less residual x n / |n|^2. */
export function balancedPoint(problem: TrueProblem, point: TruePoint): TruePoint {
  const { J, k, n } = problem;
  const left = trueResidual(problem, point);
  const square = sum(k.map((classes, j) => classes.times(n[j]!).times(n[j]!)));
  const change = (a: number, c: number) => left[a]!.times(n[c]!).div(square);
  return {
    own: point.own.map((entry, c) => entry.minus(change(c, c))),
    rest: point.rest.map((entry, c) => entry.plus(change(c, c))),
    other: point.other.map((entry, at) => {
      const [a, c] = [Math.floor(at / J), at % J];
      return othersOf(problem, a, c).isZero() ? ZERO : entry.minus(change(a, c));
    }),
  };
}

/** e + theta (P - e). */
export function shrunkPoint({ own, rest, other }: TruePoint, theta: Decimal): TruePoint {
  return {
    own: own.map((entry) => ONE.minus(theta).plus(theta.times(entry))),
    rest: rest.map((entry) => theta.times(entry)),
    other: other.map((entry) => theta.times(entry)),
  };
}

/** The norm of A(P) on the contrasts of cluster j. */
export function contrastOfA({ J, n, N }: TrueProblem, { rest, other }: TruePoint, j: number) {
  return rest[j]!.plus(other[j * J + j]!)
    .times(n[j]!.sqrt())
    .div(N);
}

/** The singular values of A(P)'s mean block, descending. */
export function meanSingularValues(problem: TrueProblem, { other }: TruePoint): Decimal[] {
  const { J, k, n, N } = problem;
  const block = other.map((entry, at) => {
    const [a, c] = [Math.floor(at / J), at % J];
    const scale = n[c]!.sqrt().div(N);
    if (a !== c) return entry.times(scale).times(k[a]!.times(k[c]!).sqrt());
    const outflow = k.map((classes, i) => (i === c ? ZERO : classes.times(other[i * J + c]!)));
    return sum(outflow).times(scale).neg();
  });
  return singularValues(block, J);
}

/** D at a feasible point. */
export function trueDual(problem: TrueProblem, point: TruePoint, isBalanced: boolean): Decimal {
  const { J, k, N, weights, lambdaB } = problem;
  const entropy = sum(
    weights.map((weight, c) => {
      const ofOthers = k.map((_, a) => {
        const p = point.other[a * J + c]!;
        return p.lte(0) ? ZERO : othersOf(problem, a, c).times(p).times(p.ln());
      });
      const ofOwn = point.own[c]!.times(log1p(point.rest[c]!.neg()));
      return weight.times(sum(ofOthers).plus(ofOwn)).neg();
    }),
  );
  if (lambdaB === null || isBalanced) return entropy;
  const squares = trueResidual(problem, point).map((r, a) => k[a]!.times(r.div(N)).times(r.div(N)));
  return entropy.minus(sum(squares).div(lambdaB.times(2)));
}

/** sum_k n_k/N KL(p_k || q_k). */
export function trueDivergence(problem: TrueProblem, p: TruePoint, q: TruePoint): Decimal {
  const { J, k, weights } = problem;
  return sum(
    weights.map((weight, c) => {
      const ofOthers = k.map((_, a) =>
        othersOf(problem, a, c).times(divergenceTerm(p.other[a * J + c]!, q.other[a * J + c]!)),
      );
      const ofOwn = log1p(p.rest[c]!.neg()).minus(log1p(q.rest[c]!.neg()));
      return weight.times(sum(ofOthers).plus(p.own[c]!.times(ofOwn)));
    }),
  );
}

/** The part of F that is not the nuclear norm of the mean block. */
function withoutMeanNorm(
  problem: TrueProblem,
  contrast: Decimal[],
  mean: Decimal[],
  bias: Decimal[],
) {
  const { J, k, n, weights, lambda, lambdaB } = problem;
  const loss = weights.map((weight, c) => {
    const lift = contrast[c]!.times(ONE.minus(ONE.div(k[c]!)));
    const others = k.map((classes, a) => {
      if (a === c) return classes.minus(1).times(contrast[c]!.neg().exp());
      const means = mean[a * J + c]!.minus(mean[c * J + c]!);
      return classes.times(means.plus(bias[a]!).minus(bias[c]!).minus(lift).exp());
    });
    return weight.times(log1p(sum(others)));
  });
  const contrasts = contrast.map((s, j) => k[j]!.minus(1).times(n[j]!.sqrt()).times(s.abs()));
  const squares = bias.map((b, j) => k[j]!.times(b).times(b));
  const penalty = (lambdaB ?? ZERO).div(2).times(sum(squares));
  return sum(loss)
    .plus(lambda.times(sum(contrasts)))
    .plus(penalty);
}

/** F at blocks, all digits of the nuclear norm included: for few clusters. */
export function trueObjective(problem: TrueProblem, blocks: BlockLogits): Decimal {
  const { J, k, n, lambda } = problem;
  const mean = exactAll(blocks.mean);
  const bias = blocks.bias === null ? problem.k.map(() => ZERO) : exactAll(blocks.bias);
  const block = mean.map((entry, at) =>
    entry.times(
      k[Math.floor(at / J)]!.times(k[at % J]!)
        .times(n[at % J]!)
        .sqrt(),
    ),
  );
  const rest = withoutMeanNorm(problem, exactAll(blocks.contrast), mean, bias);
  return rest.plus(lambda.times(sum(singularValues(block, J))));
}

/**
 * F, or slightly more, at the mean logits W H: J x J factors cost half the sum of their squares, with H scaled by the
 * samples. A feasible point for any number of clusters, since no singular value is asked for.
 */
export function objectiveOfFactors(
  problem: TrueProblem,
  { contrast, bias }: Pick<BlockLogits, 'contrast' | 'bias'>,
  W: readonly number[],
  H: readonly number[],
): Decimal {
  const { J, k, n, lambda } = problem;
  const [left, right] = [exactAll(W), exactAll(H)];
  const mean = Array.from({ length: J * J }, (_, at) => {
    const [a, c] = [Math.floor(at / J), at % J];
    const entry = sum(k.map((_, r) => left[a * J + r]!.times(right[r * J + c]!)));
    return entry.div(k[a]!.times(k[c]!).times(n[c]!).sqrt());
  });
  const cost = sum([...left, ...right].map((entry) => entry.times(entry))).div(2);
  const biases = bias === null ? problem.k.map(() => ZERO) : exactAll(bias);
  return withoutMeanNorm(problem, exactAll(contrast), mean, biases).plus(lambda.times(cost));
}
