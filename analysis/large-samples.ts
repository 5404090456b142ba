import type { AxisName, Grid } from '../study/study.js';
import { fitLaws, FEWEST_POINTS, type LawFit, type LawName } from './laws.js';
import type { Interval } from './order-parameter.js';
import { slicesOf, type AxisPoint } from './slices.js';

/** Mean cosines within the largest cluster, across, and within the smallest; distances of Gram matrices from the ETF's. */
export const QUANTITIES = [
  'cos_w_majority',
  'cos_w_across',
  'cos_w_minority',
  'cos_h_majority',
  'cos_h_across',
  'cos_h_minority',
  'cos_z_majority',
  'cos_z_across',
  'cos_z_minority',
  'etf_distance_w',
  'etf_distance_h',
  'etf_distance_z',
] as const;

export type Quantity = (typeof QUANTITIES)[number];

/** A certified point as the search for limits reads it. */
export interface LimitPoint extends AxisPoint {
  /** K. */
  readonly classes: number;
  readonly quantities: Readonly<Record<Quantity, number | null>>;
}

/** A law that the data do not rule out either. */
export interface Alternative {
  readonly law: LawName;
  readonly exponent: number | null;
  readonly limit: number;
}

/** What a quantity tends to as samples grow. */
export interface Limit {
  readonly grid: string;
  readonly slice: string;
  readonly along: AxisName;
  readonly quantity: Quantity;
  /** The best law by AICc; null when refused, as are the numbers. */
  readonly law: LawName | null;
  /** p of n^-p; null for the other laws. */
  readonly exponent: number | null;
  readonly limit: number | null;
  /** What the limit may be; the extrapolation makes it wider than 95 % of statistics alone, see `EXTRAPOLATION`. */
  readonly interval: Interval | null;
  /** The value of the simplex ETF: -1/(K-1) for a cosine, 0 for a distance. */
  readonly etf: number;
  /** limit - etf. */
  readonly distance: number | null;
  /** Whether the interval holds the value of the ETF; null when refused. */
  readonly consistentWithEtf: boolean | null;
  /** Other laws within AICc 10 of the best. */
  readonly alternatives: readonly Alternative[];
  /** Distinct values of the axis. */
  readonly points: number;
  readonly refusal: string | null;
}

/** A quantity along the axis with the laws fitted to it: what a figure draws. Seeds are averaged. */
export interface LimitSeries {
  readonly limit: Limit;
  readonly samples: readonly number[];
  readonly values: readonly number[];
  /** The best law; null when refused. */
  readonly fit: LawFit | null;
}

/** Beyond this difference in AICc a law has no support from the data (Burnham & Anderson, 2002, section 2.6). */
const SUPPORTED = 10;
/** Digits of a cosine below this are the solver's, not the model's. */
const RESOLUTION = 1e-6;
/**
 * How far the limit may lie, in units of the way from the last value to the fitted limit. A law is an extrapolation
 * through what may be many decades, and its own error bars know nothing of the terms that it leaves out. With 3
 * the intervals held 79 of 81 limits known in closed form (K = 10, r = 2, lambda = 0.1 / N, windows from one decade to
 * nine, noise up to 1e-5), on which it was chosen, and told a free bias from a penalised one.
 */
const EXTRAPOLATION = 3;

/** The limits of every quantity in every slice of a grid that asks for them. */
export function limitsOf(grid: Grid, along: AxisName, points: Iterable<LimitPoint>): LimitSeries[] {
  return slicesOf(grid, along, points).flatMap((slice) =>
    QUANTITIES.flatMap((quantity) => {
      const { samples, values } = meansAlong(slice.points, quantity);
      if (values.length === 0) return [];
      const etf = quantity.startsWith('cos') ? -1 / (slice.points[0]!.classes - 1) : 0;
      const place = {
        grid: grid.name,
        slice: slice.name,
        along,
        quantity,
        etf,
        points: samples.length,
      };
      return [limitFrom(place, samples, values)];
    }),
  );
}

type Place = Pick<Limit, 'grid' | 'slice' | 'along' | 'quantity' | 'etf' | 'points'>;

function limitFrom(
  place: Place,
  samples: readonly number[],
  values: readonly number[],
): LimitSeries {
  if (samples.length < FEWEST_POINTS) {
    const refusal = `${samples.length} certified values of ${place.along} are too few to tell laws apart: at least ${FEWEST_POINTS} are needed`;
    const unknown = { law: null, exponent: null, limit: null, interval: null, distance: null };
    const limit = { ...place, ...unknown, consistentWithEtf: null, alternatives: [], refusal };
    return { limit, samples, values, fit: null };
  }
  const fits = fitLaws(samples, values);
  const best = fits[0]!;
  const supported = fits.filter(({ aicc }) => aicc - best.aicc <= SUPPORTED);
  const possible: Interval = place.quantity.startsWith('cos') ? [-1, 1] : [0, 2];
  const interval = trustedInterval(supported, values.at(-1)!, possible);
  const limit: Limit = {
    ...place,
    law: best.law,
    exponent: best.exponent,
    limit: best.limit,
    interval,
    distance: best.limit - place.etf,
    consistentWithEtf:
      interval[0] - RESOLUTION <= place.etf && place.etf <= interval[1] + RESOLUTION,
    alternatives: supported
      .filter(
        ({ law }, i) => law !== best.law && supported.findIndex((other) => other.law === law) === i,
      )
      .map(({ law, exponent, limit: other }) => ({ law, exponent, limit: other })),
    refusal: null,
  };
  return { limit, samples, values, fit: best };
}

/** Hull of what the best law allows statistically and of the extrapolations of all supported laws. */
function trustedInterval(
  supported: readonly LawFit[],
  last: number,
  [smallest, largest]: Interval,
): Interval {
  const ends = supported.flatMap(({ law, limit }) =>
    law === 'plateau' ? [limit] : [last, last + EXTRAPOLATION * (limit - last)],
  );
  ends.push(...supported[0]!.interval);
  return [Math.max(smallest, Math.min(...ends)), Math.min(largest, Math.max(...ends))];
}

function meansAlong(
  points: readonly LimitPoint[],
  quantity: Quantity,
): { samples: number[]; values: number[] } {
  const replicates = new Map<number, number[]>();
  for (const { x, quantities } of points) {
    const value = quantities[quantity];
    if (value !== null) replicates.set(x, [...(replicates.get(x) ?? []), value]);
  }
  const mean = (values: number[]): number =>
    values.reduce((sum, value) => sum + value) / values.length;
  return { samples: [...replicates.keys()], values: [...replicates.values()].map(mean) };
}
