import type { BlockLogits } from '../../../ufm/blocks.js';
import { Decimal, exact, ONE, sum, ZERO } from '../certificate/decimals.js';
import { meanSingularValues, type TruePoint, type TrueProblem } from '../certificate/truth.js';
import { minimum, valueOf, type Form, type TrueLoss, type TrueSum } from './newton.js';

/** Whether cluster j has collapsed at the optimum: sqrt(n_j) / N <= lambda. */
export function hasCollapsed({ m: n, N, lambda }: TrueProblem, j: number): boolean {
  return n[j]!.lte(lambda.times(N).pow(2));
}

/** The optimum among points without a mean block, and whether it is the optimum of all. */
export interface WithoutMean {
  readonly value: Decimal;
  readonly isOptimal: boolean;
}

/** Of J clusters, by Newton steps in the contrasts and biases that are free; null when these do not arrive. */
export function optimumWithoutMean(problem: TrueProblem, start: BlockLogits): WithoutMean | null {
  const { J, k, m: n, weights, lambda, lambdaB } = problem;
  const clusters = [...k.keys()];
  const contrasts = clusters.filter((j) => k[j]!.gt(1) && !hasCollapsed(problem, j));
  // A free bias may be shifted at no cost: the last one stays at zero.
  const biases = lambdaB === null ? [] : lambdaB.isZero() ? clusters.slice(0, -1) : clusters;
  const size = contrasts.length + biases.length;
  /** Only what is free takes part. */
  const form = (ofContrast: Map<number, Decimal>, ofBias: Map<number, Decimal>): Form =>
    new Map([
      ...contrasts.flatMap((j, at) =>
        ofContrast.has(j) ? [[at, ofContrast.get(j)!] as const] : [],
      ),
      ...biases.flatMap((j, at) =>
        ofBias.has(j) ? [[contrasts.length + at, ofBias.get(j)!] as const] : [],
      ),
    ]);
  const losses = clusters.map((c): TrueLoss => {
    const lift = ONE.minus(ONE.div(k[c]!));
    const terms = clusters.map((a) => ({
      count: a === c ? k[a]!.minus(1) : k[a]!,
      form:
        a === c
          ? form(new Map([[c, ONE.neg()]]), new Map())
          : form(
              new Map([[c, lift.neg()]]),
              new Map([
                [a, ONE],
                [c, ONE.neg()],
              ]),
            ),
    }));
    return { weight: weights[c]!, terms };
  });
  const objective: TrueSum = {
    losses,
    prices: [
      ...contrasts.map((j) => lambda.times(k[j]!.minus(1)).times(n[j]!.sqrt())),
      ...biases.map(() => ZERO),
    ],
    squares: [...contrasts.map(() => ZERO), ...biases.map((j) => lambdaB!.times(k[j]!))],
    masses: new Array<Decimal>(size).fill(ZERO),
    lambda,
  };
  const bias = (j: number) => start.bias![j]! - (lambdaB!.isZero() ? start.bias![J - 1]! : 0);
  const found = minimum(objective, [
    ...contrasts.map((j) => exact(start.contrast[j]!)),
    ...biases.map((j) => exact(bias(j))),
  ]);
  if (found === null) return null;
  const point = predictionsOf(losses, found.x, J);
  return { value: found.value, isOptimal: meanSingularValues(problem, point)[0]!.lte(lambda) };
}

function predictionsOf(losses: readonly TrueLoss[], x: readonly Decimal[], J: number): TruePoint {
  const own: Decimal[] = [];
  const rest: Decimal[] = [];
  const other = new Array<Decimal>(J * J).fill(ZERO);
  losses.forEach(({ terms }, c) => {
    const odds = terms.map(({ form }) => valueOf(form, x).exp());
    const others = sum(odds.map((e, a) => e.times(terms[a]!.count)));
    const total = others.plus(1);
    own.push(ONE.div(total));
    rest.push(others.div(total));
    odds.forEach((e, a) => {
      if (!terms[a]!.count.isZero()) other[a * J + c] = e.div(total);
    });
  });
  return { own, rest, other };
}

/** F at the optimum of two clusters, to some 45 digits: off the kink, where the mean block is not zero; null if not found. */
export function optimumOfTwo(problem: TrueProblem, start: BlockLogits): Decimal | null {
  const { k, m: n, weights, lambda, lambdaB } = problem;
  const spread = ONE.div(k[0]!).plus(ONE.div(k[1]!)).sqrt();
  const free = ([0, 1] as const).filter((j) => k[j]!.gt(1) && !hasCollapsed(problem, j));
  const hasBias = lambdaB !== null;
  const size = free.length + 2 + (hasBias ? 1 : 0);
  const losses = ([0, 1] as const).map((c): TrueLoss => {
    const place = free.indexOf(c);
    const along = (s: Decimal, mean: Decimal): Form =>
      new Map([
        ...(place < 0 ? [] : [[place, s] as const]),
        [free.length + c, mean],
        ...(hasBias ? [[size - 1, c === 0 ? mean : mean.neg()] as const] : []),
      ]);
    const lift = ONE.minus(ONE.div(k[c]!));
    return {
      weight: weights[c]!,
      terms: [
        { count: k[c]!.minus(1), form: along(ONE.neg(), ZERO) },
        { count: k[1 - c]!, form: along(lift.neg(), spread.neg()) },
      ],
    };
  });
  const zeros = new Array<Decimal>(free.length).fill(ZERO);
  const objective: TrueSum = {
    losses,
    prices: [
      ...free.map((j) => lambda.times(k[j]!.minus(1)).times(n[j]!.sqrt())),
      ...new Array<Decimal>(size - free.length).fill(ZERO),
    ],
    squares: [...zeros, ZERO, ZERO, ...(hasBias ? [lambdaB] : [])],
    masses: [...zeros, k[0]!.times(n[0]!), k[1]!.times(n[1]!), ...(hasBias ? [ZERO] : [])],
    lambda,
  };
  const lead = (left: number, right: number) => exact(left).minus(exact(right)).div(spread);
  const means = [lead(start.mean[0]!, start.mean[2]!), lead(start.mean[3]!, start.mean[1]!)];
  if (means.every((mean) => mean.isZero())) return null;
  const found = minimum(objective, [
    ...free.map((j) => exact(start.contrast[j]!)),
    ...means,
    ...(hasBias ? [lead(start.bias![0]!, start.bias![1]!)] : []),
  ]);
  return found?.value ?? null;
}
