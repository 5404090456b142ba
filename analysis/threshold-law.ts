import type { AxisName } from '../study/study.js';
import { fitBracketed, type Bracketed, type Sight } from './bracketed-fit.js';
import { formatCount, formatNumber } from './format.js';
import type { Interval } from './order-parameter.js';
import { crossingsOf, type Crossing, type CrossingSide } from './crossings.js';
import type { TransitionSlice } from './thresholds.js';
import type { TransitionName } from './transitions.js';

/** What a coefficient of a law belongs to. */
export type LawTerm = 'constant' | 'samples_total' | 'cluster_samples';

/** The factor of a law, or the exponent of one of its variables. */
export interface LawCoefficient {
  readonly of: LawTerm;
  /** Null when refused, as are the other numbers. */
  readonly estimate: number | null;
  /** Nominal 95 %. */
  readonly interval: Interval | null;
  /** Certain, if the threshold is a power law at all; null also where nothing bounds it. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** What theory says, beside. */
  readonly theory: number | null;
  readonly refusal: string | null;
}

/** Where one slice has the transition, and how far the law is from it. */
export interface LawPlace {
  readonly grid: string;
  readonly slice: string;
  readonly along: AxisName;
  /** lambda, N and the cluster's n at the estimate of the transition. */
  readonly lambda: number;
  readonly samplesTotal: number;
  readonly clusterSamples: number;
  /** lambda N / sqrt(n) at the two certified points around the transition. */
  readonly reduced: Interval;
  /** log of the slice's lambda over the law's; null when the law is refused. */
  readonly residual: number | null;
  /** Half of the 95 % interval of log lambda. */
  readonly halfWidth: number;
}

/**
 * How a threshold depends on the samples, over all slices of a study: lambda = constant * N^a * n^b, where n is the
 * samples of a class of the cluster that collapses, or of the minority where the mean block vanishes.
 */
export interface ThresholdLaw {
  readonly transition: TransitionName;
  /** The constant, the exponent of N and that of n. */
  readonly coefficients: readonly LawCoefficient[];
  /** Whether certificates allow any power law of N and n; null when refused. */
  readonly possible: boolean | null;
  /** Residuals in units of the slices' own uncertainties: above 1 something else plays a part. Null when refused. */
  readonly scatter: number | null;
  /** Largest relative deviation of a slice from the law; null when refused. */
  readonly largestResidual: number | null;
  /**
   * The value of lambda N / sqrt(n) at which every slice may have the transition, certainly; null when certificates
   * rule out that it is one value. A question asked of the rows, and not an estimate.
   */
  readonly reduced: Interval | null;
  readonly places: readonly LawPlace[];
  /** Slices in which this transition has no certified interval. */
  readonly unplaced: number;
  readonly refusal: string | null;
}

/** A variable that moves by less than this factor over all slices tells nothing about its exponent. */
const SMALLEST_SPREAD = 1.05;
/** Root mean square of log n beside its regression on log N, below which the two are one variable. */
const INDEPENDENCE = 0.02;

/** The law of every transition that at least two slices have. */
export function thresholdLaws(slices: readonly TransitionSlice[]): ThresholdLaw[] {
  const names = [
    ...new Set(slices.flatMap(({ thresholds }) => thresholds.map(({ transition }) => transition))),
  ];
  return names.flatMap((name) => {
    const crossings = crossingsOf(slices, name);
    return crossings.length < 2 ? [] : [lawFrom(name, crossings, countUnplaced(slices, name))];
  });
}

function countUnplaced(slices: readonly TransitionSlice[], name: TransitionName): number {
  return slices.filter(({ thresholds }) =>
    thresholds.some(({ transition, lower }) => transition === name && lower === null),
  ).length;
}

interface Variable {
  readonly of: 'samples_total' | 'cluster_samples';
  readonly symbol: string;
  readonly theory: number;
  readonly at: (side: CrossingSide) => number;
}

const VARIABLES: readonly Variable[] = [
  { of: 'samples_total', symbol: 'N', theory: -1, at: ({ samplesTotal }) => samplesTotal },
  { of: 'cluster_samples', symbol: 'n', theory: 0.5, at: ({ clusterSamples }) => clusterSamples },
];

function lawFrom(
  transition: TransitionName,
  crossings: readonly Crossing[],
  unplaced: number,
): ThresholdLaw {
  const moving = VARIABLES.filter(({ at }) => spread(crossings, at) > SMALLEST_SPREAD);
  const held = VARIABLES.filter((variable) => !moving.includes(variable));
  const refusal = refusalFor(crossings, moving);
  const sight = (side: CrossingSide): Sight => ({
    basis: [1, ...moving.map(({ at }) => Math.log(at(side)))],
    value: Math.log(side.lambda),
  });
  const bracketed = crossings.map(({ uncollapsed, collapsed, likely, share }): Bracketed => ({
    below: sight(uncollapsed),
    above: sight(collapsed),
    likely: sight(likely),
    halfWidth: share * separation(uncollapsed, collapsed),
  }));
  const fit = refusal === null ? fitBracketed(bracketed) : null;
  const hasTheory = transition.endsWith('collapse');
  const heldFactor = held.reduce((product, { at, theory }) => {
    const logs = crossings.map(({ likely }) => Math.log(at(likely)));
    return product * Math.exp((theory * logs.reduce((a, b) => a + b)) / logs.length);
  }, 1);
  const coefficient = (of: LawTerm, theory: number, why: string): LawCoefficient => {
    const index = of === 'constant' ? 0 : moving.findIndex((each) => each.of === of) + 1;
    const found = of === 'constant' || index > 0 ? fit?.coefficients[index] : undefined;
    const beside = { of, theory: hasTheory ? theory : null };
    if (found === undefined) {
      const unknown = { estimate: null, interval: null, lower: null, upper: null };
      return { ...beside, ...unknown, refusal: refusal ?? why };
    }
    const shown = of === 'constant' ? Math.exp : (value: number): number => value;
    return {
      ...beside,
      estimate: shown(found.estimate),
      interval: [shown(found.interval[0]), shown(found.interval[1])],
      lower: found.lower === null ? null : shown(found.lower),
      upper: found.upper === null ? null : shown(found.upper),
      refusal: null,
    };
  };
  return {
    transition,
    coefficients: [
      coefficient('constant', heldFactor, ''),
      ...VARIABLES.map(({ of, theory, symbol, at }) =>
        coefficient(
          of,
          theory,
          `${symbol} is ${formatNumber(at(crossings[0]!.likely))} in all slices: its exponent is part of the constant`,
        ),
      ),
    ],
    possible: fit?.possible ?? null,
    scatter: fit?.scatter ?? null,
    largestResidual: fit === null ? null : Math.max(...fit.residuals.map(Math.abs)),
    reduced: commonInterval(crossings.map(reducedInterval)),
    places: crossings.map((crossing, i) => ({
      grid: crossing.grid,
      slice: crossing.slice,
      along: crossing.along,
      lambda: crossing.likely.lambda,
      samplesTotal: crossing.likely.samplesTotal,
      clusterSamples: crossing.likely.clusterSamples,
      reduced: reducedInterval(crossing),
      residual: fit?.residuals[i] ?? null,
      halfWidth: bracketed[i]!.halfWidth,
    })),
    unplaced,
    refusal,
  };
}

function refusalFor(crossings: readonly Crossing[], moving: readonly Variable[]): string | null {
  if (moving.length === 0) {
    return 'N and n hardly differ between slices: a study that varies them has a law to show';
  }
  const needed = moving.length + 2;
  if (crossings.length < needed) {
    return `${formatCount(crossings.length, 'slice')} with this transition cannot test a law: at least ${needed} are needed`;
  }
  const [first, second] = moving;
  if (second !== undefined && !areIndependent(crossings, first!, second)) {
    return 'N and n move together in all slices: a study that varies the ratio or the classes can tell them apart';
  }
  return null;
}

function areIndependent(
  crossings: readonly Crossing[],
  first: Variable,
  second: Variable,
): boolean {
  const logs = ({ at }: Variable): number[] => {
    const values = crossings.map(({ likely }) => Math.log(at(likely)));
    const mean = values.reduce((a, b) => a + b) / values.length;
    return values.map((value) => value - mean);
  };
  const [x, y] = [logs(first), logs(second)];
  const product = (a: number[], b: number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const slope = product(x, y) / product(x, x);
  const rest = y.map((value, i) => value - slope * x[i]!);
  return Math.sqrt(product(rest, rest) / rest.length) > INDEPENDENCE;
}

function spread(crossings: readonly Crossing[], at: Variable['at']): number {
  const values = crossings.map(({ likely }) => at(likely));
  return Math.max(...values) / Math.min(...values);
}

/** How far apart the two certified points are, in logs: along one axis lambda, N or n moves, or several do. */
function separation(a: CrossingSide, b: CrossingSide): number {
  const steps = [a.lambda / b.lambda, ...VARIABLES.map(({ at }) => at(a) / at(b))];
  return Math.max(...steps.map((ratio) => Math.abs(Math.log(ratio))));
}

function reducedInterval({ uncollapsed, collapsed }: Crossing): Interval {
  const reduced = ({ lambda, samplesTotal, clusterSamples }: CrossingSide): number =>
    (lambda * samplesTotal) / Math.sqrt(clusterSamples);
  return [reduced(uncollapsed), reduced(collapsed)];
}

function commonInterval(intervals: readonly Interval[]): Interval | null {
  const low = Math.max(...intervals.map(([from]) => from));
  const high = Math.min(...intervals.map(([, to]) => to));
  return low <= high ? [low, high] : null;
}
