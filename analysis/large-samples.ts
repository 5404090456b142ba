import { classCount } from '../study/instance.js';
import type { AxisName, Grid } from '../study/study.js';
import { fitLaws, FEWEST_POINTS, type LawFit, type LawName } from './laws.js';
import type { Interval } from './order-parameter.js';
import { lastPhase, type LastPhase, type PhasedPoint } from './last-phase.js';
import { slicesOf } from './slices.js';
import type { TransitionName } from './transitions.js';

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

/** A planned point as the search for limits reads it; of one without a row all quantities are null. */
export interface LimitPoint extends PhasedPoint {
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
  /** Distinct values of the axis that count: certified, and in the last phase. */
  readonly points: number;
  /** The transitions that are behind at all of these. */
  readonly phase: readonly TransitionName[];
  /** Where this phase begins on the axis; null when the slice has no other. */
  readonly phaseFrom: number | null;
  /** Values of the axis left out, since no certified row tells the phase there: missing, failed or undecided. */
  readonly undecided: number;
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

/**
 * The limits of every quantity in every slice of a grid that asks for them, from the last phase of the slice. A slice
 * without any row has none, and quantities that are defined nowhere are left out.
 */
export function limitsOf(grid: Grid, along: AxisName, points: Iterable<LimitPoint>): LimitSeries[] {
  return slicesOf(grid, along, points).flatMap((slice) => {
    const phase = lastPhase(slice.points);
    return QUANTITIES.flatMap((quantity) => {
      const defined = slice.points.find(({ quantities }) => quantities[quantity] !== null);
      if (defined === undefined) return [];
      const { samples, values } = meansAlong(phase?.points ?? [], quantity);
      const place = {
        grid: grid.name,
        slice: slice.name,
        along,
        quantity,
        etf: quantity.startsWith('cos') ? -1 / (classCount(defined.clusters) - 1) : 0,
        points: samples.length,
        phase: phase?.transitions ?? [],
        phaseFrom: phase?.from ?? null,
        undecided: phase?.undecided ?? new Set(slice.points.map(({ x }) => x)).size,
      };
      const refusal = refusalFor(place, phase);
      return [
        refusal === null
          ? limitFrom(place, samples, values)
          : { limit: { ...place, ...UNKNOWN, refusal }, samples, values, fit: null },
      ];
    });
  });
}

type Place = Pick<
  Limit,
  'grid' | 'slice' | 'along' | 'quantity' | 'etf' | 'points' | 'phase' | 'phaseFrom' | 'undecided'
>;

const UNKNOWN = {
  law: null,
  exponent: null,
  limit: null,
  interval: null,
  distance: null,
  consistentWithEtf: null,
  alternatives: [],
} as const;

function refusalFor(
  { along, points, phaseFrom }: Place,
  phase: LastPhase<LimitPoint> | null,
): string | null {
  if (phase === null) return 'no point is certified in a known phase: a smaller tolerance may help';
  const where = phaseFrom === null ? '' : ` from ${along} = ${phaseFrom} on`;
  if (phase.empty) return `everything has collapsed${where}: vectors of length zero have no angles`;
  if (points >= FEWEST_POINTS) return null;
  const beyond = phaseFrom === null ? '' : `${where}, beyond the last transition,`;
  return `${points} certified values of ${along}${beyond} are too few to tell laws apart: at least ${FEWEST_POINTS} are needed`;
}

function limitFrom(
  place: Place,
  samples: readonly number[],
  values: readonly number[],
): LimitSeries {
  const fits = fitLaws(samples, values);
  const best = fits[0]!;
  const supported = fits.filter(({ aicc }) => aicc - best.aicc <= SUPPORTED);
  const possible: Interval = place.quantity.startsWith('cos') ? [-1, 1] : [0, 2];
  const drift = driftOf(best, samples, values);
  const interval = trustedInterval(supported, values.at(-1)!, drift, possible);
  // An extrapolation knows nothing of what a distance or a cosine can be.
  const limit = Math.min(possible[1], Math.max(possible[0], best.limit));
  const found: Limit = {
    ...place,
    law: best.law,
    exponent: best.exponent,
    limit,
    interval,
    distance: limit - place.etf,
    consistentWithEtf:
      interval[0] - RESOLUTION <= place.etf && place.etf <= interval[1] + RESOLUTION,
    alternatives: supported
      .filter(
        ({ law }, i) => law !== best.law && supported.findIndex((other) => other.law === law) === i,
      )
      .map(({ law, exponent, limit: other }) => ({ law, exponent, limit: other })),
    refusal: null,
  };
  return { limit: found, samples, values, fit: best };
}

/**
 * How far the limit moves when the first third of the samples is left out: a law whose next term still counts does not
 * stay where it is. 0 where the rest is too little to fit.
 */
function driftOf(
  { law, limit }: LawFit,
  samples: readonly number[],
  values: readonly number[],
): number {
  const start = Math.floor(samples.length / 3);
  if (samples.length - start < FEWEST_POINTS) return 0;
  const tail = fitLaws(samples.slice(start), values.slice(start)).find((fit) => fit.law === law);
  return tail === undefined ? 0 : tail.limit - limit;
}

/**
 * Hull of what the best law allows statistically, of the extrapolations of all supported laws, and of where the limit
 * is drifting to.
 */
function trustedInterval(
  supported: readonly LawFit[],
  last: number,
  drift: number,
  [smallest, largest]: Interval,
): Interval {
  const ends = supported.flatMap(({ law, limit }) =>
    law === 'plateau' ? [limit] : [last, last + EXTRAPOLATION * (limit - last)],
  );
  ends.push(...supported[0]!.interval, supported[0]!.limit + EXTRAPOLATION * drift);
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
