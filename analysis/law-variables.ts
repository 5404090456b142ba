import type { Crossing, CrossingSide } from './crossings.js';
import { formatCount, formatNumber } from './format.js';

/** A variable of the law of a threshold. */
export interface Variable {
  readonly of: 'samples_total' | 'cluster_samples';
  readonly symbol: string;
  readonly theory: number;
  readonly at: (side: CrossingSide) => number;
}

/** N and n. */
export const VARIABLES: readonly Variable[] = [
  { of: 'samples_total', symbol: 'N', theory: -1, at: ({ samplesTotal }) => samplesTotal },
  { of: 'cluster_samples', symbol: 'n', theory: 0.5, at: ({ clusterSamples }) => clusterSamples },
];

/** What moves by less than this factor over all slices, a variable or lambda itself, tells nothing about an exponent. */
const SMALLEST_SPREAD = 1.05;
/** Root mean square of log n beside its regression on log N, below which the two are one variable. */
const INDEPENDENCE = 0.02;

/** The variables that differ enough between slices to have an exponent. */
export function movingVariables(crossings: readonly Crossing[]): Variable[] {
  return VARIABLES.filter(({ at }) => spread(crossings, at) > SMALLEST_SPREAD);
}

/** Why the crossings cannot tell a law of these variables; null when they can. */
export function refusalFor(
  crossings: readonly Crossing[],
  moving: readonly Variable[],
): string | null {
  if (moving.length === 0) {
    return 'N and n hardly differ between slices: a study that varies them has a law to show';
  }
  // With lambda held, lambda = constant N^0 n^0 fits whatever happens, and says nothing.
  if (spread(crossings, ({ lambda }) => lambda) <= SMALLEST_SPREAD) {
    return `lambda is ${formatNumber(crossings[0]!.likely.lambda)} in all slices, so that a constant is its law: a study that varies lambda has one to show`;
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
export function separation(a: CrossingSide, b: CrossingSide): number {
  const steps = [a.lambda / b.lambda, ...VARIABLES.map(({ at }) => at(a) / at(b))];
  return Math.max(...steps.map((ratio) => Math.abs(Math.log(ratio))));
}
