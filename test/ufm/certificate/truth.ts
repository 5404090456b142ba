import type { Instance } from '../../../study/instance.js';
import type { BlockLogits } from '../../../ufm/blocks.js';
import type { Predictions } from '../../../ufm/predictions.js';
import { normal } from '../random-instances.js';
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
  /** omega n: the weight of a class in the loss, times N. */
  readonly m: readonly Decimal[];
  /** s^2 = phi n. */
  readonly squares: readonly Decimal[];
  readonly N: Decimal;
  /** k m / N. */
  readonly weights: readonly Decimal[];
  /** What a target gives each class but the own. */
  readonly target: Decimal;
  readonly delta: readonly Decimal[];
  readonly shift: readonly Decimal[];
  readonly margin: readonly Decimal[];
  readonly lambda: Decimal;
  readonly lambdaB: Decimal | null;
}

export function trueProblem(instance: Instance): TrueProblem {
  const { clusters, lambdaW, lambdaH, lambdaB, classWeights, featurePenalties } = instance;
  const {
    labelSmoothing = 0,
    labelNoise = 0,
    logitAdjustment = 0,
    margins,
    logitScales,
  } = instance;
  const k = clusters.map(([classes]) => exact(classes));
  const n = clusters.map(([, samples]) => exact(samples));
  const N = sum(k.map((classes, j) => classes.times(n[j]!)));
  const listed = (list: readonly number[] | undefined, otherwise: number) =>
    clusters.map((_, j) => exact(list === undefined ? otherwise : list[j]!));
  const m = listed(classWeights, 1).map((omega, j) => omega.times(n[j]!));
  const K = sum(k);
  const ofNoise = exact(labelNoise)
    .div(K.minus(1))
    .times(ONE.minus(exact(labelSmoothing)));
  return {
    J: clusters.length,
    k,
    m,
    squares: listed(featurePenalties, 1).map((phi, j) => phi.times(n[j]!)),
    N,
    weights: k.map((classes, j) => classes.times(m[j]!).div(N)),
    target: ofNoise.plus(exact(labelSmoothing).div(K)),
    delta: listed(logitScales, 1),
    // Less the largest, which changes no prediction.
    shift: n.map((count) =>
      logitAdjustment === 0 ? ZERO : exact(logitAdjustment).times(count.div(n[0]!).ln()),
    ),
    margin: listed(margins, 0),
    lambda: exact(lambdaW).times(exact(lambdaH)).sqrt(),
    lambdaB: lambdaB === null ? null : exact(lambdaB),
  };
}

/** c_j / s_j. */
function pull({ m, squares, N }: TrueProblem, j: number): Decimal {
  return m[j]!.div(squares[j]!.sqrt()).div(N);
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

/** (P - T) m for a class of each cluster. */
export function trueResidual({ J, k, m, target }: TrueProblem, { other }: TruePoint): Decimal[] {
  const excess = (a: number, c: number) => other[a * J + c]!.minus(target);
  return k.map((_, a) =>
    sum(
      k.map((ofC, c) =>
        a === c ? ZERO : ofC.times(m[c]!.times(excess(a, c)).minus(m[a]!.times(excess(c, a)))),
      ),
    ),
  );
}

/** P less residual x m / |m|^2. */
export function balancedPoint(problem: TrueProblem, point: TruePoint): TruePoint {
  const { J, k, m } = problem;
  const left = trueResidual(problem, point);
  const square = sum(k.map((classes, j) => classes.times(m[j]!).times(m[j]!)));
  const change = (a: number, c: number) => left[a]!.times(m[c]!).div(square);
  return {
    own: point.own.map((entry, c) => entry.minus(change(c, c))),
    rest: point.rest.map((entry, c) => entry.plus(change(c, c))),
    other: point.other.map((entry, at) => {
      const [a, c] = [Math.floor(at / J), at % J];
      return othersOf(problem, a, c).isZero() ? ZERO : entry.minus(change(a, c));
    }),
  };
}

/** T + theta (P - T). */
export function shrunkPoint(
  problem: TrueProblem,
  { own, rest, other }: TruePoint,
  theta: Decimal,
): TruePoint {
  const { J, k, target } = problem;
  const back = ONE.minus(theta);
  const wrong = sum(k).minus(1).times(target);
  return {
    own: own.map((entry) => back.times(ONE.minus(wrong)).plus(theta.times(entry))),
    rest: rest.map((entry) => back.times(wrong).plus(theta.times(entry))),
    other: other.map((entry, at) => {
      const [a, c] = [Math.floor(at / J), at % J];
      return othersOf(problem, a, c).isZero() ? ZERO : back.times(target).plus(theta.times(entry));
    }),
  };
}

/** The norm of A(P) on the contrasts of cluster j. */
export function contrastOfA(problem: TrueProblem, { rest, other }: TruePoint, j: number): Decimal {
  const { J, k, target, delta } = problem;
  const residual = rest[j]!.plus(other[j * J + j]!).minus(sum(k).times(target));
  return residual.abs().times(delta[j]!).times(pull(problem, j));
}

/** The singular values of A(P)'s mean block, descending. */
export function meanSingularValues(problem: TrueProblem, { other }: TruePoint): Decimal[] {
  const { J, k, target, delta } = problem;
  const block = other.map((entry, at) => {
    const [a, c] = [Math.floor(at / J), at % J];
    const scale = delta[a]!.times(pull(problem, c));
    const excess = (i: number) => other[i * J + c]!.minus(target);
    if (a !== c) return entry.minus(target).times(scale).times(k[a]!.times(k[c]!).sqrt());
    const outflow = k.map((classes, i) => (i === c ? ZERO : classes.times(excess(i))));
    return sum(outflow).times(scale).neg();
  });
  return singularValues(block, J);
}

/** D at a feasible point. */
export function trueDual(problem: TrueProblem, point: TruePoint, isBalanced: boolean): Decimal {
  const { J, k, N, weights, target, delta, shift, margin, lambdaB } = problem;
  const wrong = sum(k).minus(1).times(target);
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
  // <p - t, iota>; every class of the own cluster has its shift, and the own class the margin less.
  const ofShifts = weights.map((weight, c) => {
    const terms = k.map((_, a) =>
      othersOf(problem, a, c)
        .times(point.other[a * J + c]!.minus(target))
        .times(shift[a]!),
    );
    const ofOwn = wrong.minus(point.rest[c]!).times(shift[c]!.minus(margin[c]!));
    return weight.times(sum(terms).plus(ofOwn));
  });
  const concave = entropy.plus(sum(ofShifts));
  if (lambdaB === null || isBalanced) return concave;
  const squares = trueResidual(problem, point).map((r, a) =>
    k[a]!.times(delta[a]!.times(r).div(N).pow(2)),
  );
  return concave.minus(sum(squares).div(lambdaB.times(2)));
}

/** sum_k c_k KL(p_k || q_k). */
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
  const { J, k, squares: scales, weights, target, lambda, lambdaB } = problem;
  const { delta, shift, margin } = problem;
  const loss = weights.map((weight, c) => {
    const lift = contrast[c]!.times(ONE.minus(ONE.div(k[c]!)));
    const logit = (a: number) => delta[a]!.times(mean[a * J + c]!.plus(bias[a]!)).plus(shift[a]!);
    const own = logit(c).plus(delta[c]!.times(lift)).minus(margin[c]!);
    const difference = k.map((_, a) =>
      a === c ? margin[c]!.minus(delta[c]!.times(contrast[c]!)) : logit(a).minus(own),
    );
    const others = difference.map((d, a) => othersOf(problem, a, c).times(d.exp()));
    const soft = difference.map((d, a) => othersOf(problem, a, c).times(d).times(target));
    return weight.times(log1p(sum(others)).minus(sum(soft)));
  });
  const contrasts = contrast.map((s, j) => k[j]!.minus(1).times(scales[j]!.sqrt()).times(s.abs()));
  const squares = bias.map((b, j) => k[j]!.times(b).times(b));
  const penalty = (lambdaB ?? ZERO).div(2).times(sum(squares));
  return sum(loss)
    .plus(lambda.times(sum(contrasts)))
    .plus(penalty);
}

/** F at blocks, all digits of the nuclear norm included: for few clusters. */
export function trueObjective(problem: TrueProblem, blocks: BlockLogits): Decimal {
  const { J, k, squares, lambda } = problem;
  const mean = exactAll(blocks.mean);
  const bias = blocks.bias === null ? problem.k.map(() => ZERO) : exactAll(blocks.bias);
  const block = mean.map((entry, at) =>
    entry.times(
      k[Math.floor(at / J)]!.times(k[at % J]!)
        .times(squares[at % J]!)
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
  const { J, k, squares, lambda } = problem;
  const [left, right] = [exactAll(W), exactAll(H)];
  const mean = Array.from({ length: J * J }, (_, at) => {
    const [a, c] = [Math.floor(at / J), at % J];
    const entry = sum(k.map((_, r) => left[a * J + r]!.times(right[r * J + c]!)));
    return entry.div(k[a]!.times(k[c]!).times(squares[c]!).sqrt());
  });
  const cost = sum([...left, ...right].map((entry) => entry.times(entry))).div(2);
  const biases = bias === null ? problem.k.map(() => ZERO) : exactAll(bias);
  return withoutMeanNorm(problem, exactAll(contrast), mean, biases).plus(lambda.times(cost));
}

/** Predictions near a point, by a relative change of every entry. */
export function near(
  { k, J }: TrueProblem,
  point: TruePoint,
  size: number,
  random: () => number,
): TruePoint {
  const move = (entry: Decimal) => entry.times(exact(Math.exp(size * normal(random))));
  const moved = { own: point.own.map(move), other: point.other.map(move) };
  const rest = moved.own.map((_, c) =>
    sum(k.map((classes, a) => moved.other[a * J + c]!.times(a === c ? classes.minus(1) : classes))),
  );
  const total = rest.map((others, c) => others.plus(moved.own[c]!));
  return {
    own: moved.own.map((own, c) => own.div(total[c]!)),
    rest: rest.map((others, c) => others.div(total[c]!)),
    other: moved.other.map((entry, at) => entry.div(total[at % J]!)),
  };
}
