import { classCount } from '../study/instance.js';
import type { PenalizedProblem } from '../ufm/problem.js';
import type { CosineTable } from '../ufm/solution.js';
import type { AxisName, Grid } from '../study/study.js';
import { extrapolate, trustedInterval, type Extrapolation } from './extrapolation.js';
import { formatNumber } from './format.js';
import { lastPhase, type LastPhase, type PhasedPoint } from './last-phase.js';
import type { LawName } from './law-candidates.js';
import { FEWEST_POINTS, type LawFit } from './laws.js';
import type { Interval } from './order-parameter.js';
import { meansOverReplicates } from './replicates.js';
import { slicesOf } from './slices.js';
import { largeSampleLimit } from './theory/large-sample-limit.js';
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
  /** What its row is of; null without a row. */
  readonly problem: PenalizedProblem | null;
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
  /** What the limit may be; the extrapolation makes it wider than 95 % of statistics alone, see `trustedInterval`. */
  readonly interval: Interval | null;
  /** The value of the simplex ETF: -1/(K-1) for a cosine, 0 for a distance. */
  readonly etf: number;
  /** limit - etf. */
  readonly distance: number | null;
  /** What theory says, beside; null where it is not known. */
  readonly theory: number | null;
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

/** Digits of a cosine below this are the solver's, not the model's. */
const RESOLUTION = 1e-6;
/** The last sample over the first, below which no law of log n shows its shape. */
const SMALLEST_SPAN = 10;

/**
 * The limits of every quantity in every slice of a grid that asks for them, from the last phase of the slice. A slice
 * without any row has none, and quantities that are defined nowhere are left out.
 */
export function limitsOf(grid: Grid, along: AxisName, points: Iterable<LimitPoint>): LimitSeries[] {
  return slicesOf(grid, along, points).flatMap((slice) => {
    const phase = lastPhase(slice.points);
    const theory = theoryOf(phase?.points ?? []);
    const members = QUANTITIES.flatMap((quantity): Member[] => {
      const defined = slice.points.find(({ quantities }) => quantities[quantity] !== null);
      if (defined === undefined) return [];
      const { samples, values } = meansAlong(phase?.points ?? [], quantity);
      const place = {
        grid: grid.name,
        slice: slice.name,
        along,
        quantity,
        theory: theory?.[quantity] ?? null,
        etf: isCosine(quantity) ? -1 / (classCount(defined.clusters) - 1) : 0,
        points: samples.length,
        phase: phase?.transitions ?? [],
        phaseFrom: phase?.from ?? null,
        undecided: phase?.undecided ?? new Set(slice.points.map(({ x }) => x)).size,
      };
      const refusal = refusalFor(place, samples, phase);
      const possible = isCosine(quantity) ? COSINES : DISTANCES;
      const extrapolation = refusal === null ? extrapolate(samples, values, possible) : null;
      return [{ place, samples, values, refusal, extrapolation }];
    });
    return members.map((member) => limitFrom(member, commonWay(member, members)));
  });
}

/** What a cosine can be, and a distance of two matrices of norm 1. */
const COSINES: Interval = [-1, 1];
const DISTANCES: Interval = [0, 2];

function isCosine(quantity: Quantity): boolean {
  return quantity.startsWith('cos_');
}

/** A quantity of a slice on its way to an answer. */
interface Member {
  readonly place: Place;
  readonly samples: readonly number[];
  readonly values: readonly number[];
  readonly refusal: string | null;
  /** Null when refused. */
  readonly extrapolation: Extrapolation | null;
}

type Place = Pick<
  Limit,
  | 'grid'
  | 'slice'
  | 'along'
  | 'quantity'
  | 'etf'
  | 'theory'
  | 'points'
  | 'phase'
  | 'phaseFrom'
  | 'undecided'
>;

/** The limits that theory has for points of one phase; null where it has none. */
function theoryOf(points: readonly LimitPoint[]): Readonly<Record<Quantity, number | null>> | null {
  const [first, last] = [points[0]?.problem, points.at(-1)?.problem];
  const limit = first && last ? largeSampleLimit(first, last) : null;
  if (limit === null) return null;
  const of = (letter: 'w' | 'h' | 'z', table: CosineTable, distance: number | null) => ({
    [`cos_${letter}_majority`]: table[0]?.[0] ?? null,
    [`cos_${letter}_across`]: table.length > 1 ? (table[0]?.at(-1) ?? null) : null,
    [`cos_${letter}_minority`]: table.at(-1)?.at(-1) ?? null,
    [`etf_distance_${letter}`]: distance,
  });
  return {
    ...of('w', limit.cosW, limit.etfDistanceW),
    ...of('h', limit.cosH, limit.etfDistanceH),
    ...of('z', limit.cosZ, limit.etfDistanceZ),
  } as Record<Quantity, number | null>;
}

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
  samples: readonly number[],
  phase: LastPhase<LimitPoint> | null,
): string | null {
  if (phase === null) return 'no point is certified in a known phase: a smaller tolerance may help';
  const where = phaseFrom === null ? '' : ` from ${along} = ${phaseFrom} on`;
  if (phase.empty) return `everything has collapsed${where}: vectors of length zero have no angles`;
  const beyond = phaseFrom === null ? '' : `${where}, beyond the last transition,`;
  if (points < FEWEST_POINTS) {
    return `${points} certified values of ${along}${beyond} are too few to tell laws apart: at least ${FEWEST_POINTS} are needed`;
  }
  const span = samples.at(-1)! / samples[0]!;
  return span >= SMALLEST_SPAN
    ? null
    : `certified values of ${along}${beyond} span a factor of ${formatNumber(span)}: less than a decade tells laws of log n not apart`;
}

/**
 * How far the cosines of the matrix have to go, the farthest of them; 0 for a distance. The angles of one matrix turn
 * together, and one that stands still while the others move is about to turn back, which its own values do not show.
 */
function commonWay({ place: { quantity } }: Member, members: readonly Member[]): number {
  if (!isCosine(quantity)) return 0;
  const [, matrix] = quantity.split('_');
  const ways = members.flatMap(({ place, extrapolation }) =>
    place.quantity.startsWith(`cos_${matrix!}_`) && extrapolation !== null
      ? [Math.abs(extrapolation.limit - extrapolation.last)]
      : [],
  );
  return Math.max(0, ...ways);
}

function limitFrom(
  { place, samples, values, refusal, extrapolation }: Member,
  way: number,
): LimitSeries {
  if (extrapolation === null) {
    return { limit: { ...place, ...UNKNOWN, refusal }, samples, values, fit: null };
  }
  const { limit, supported } = extrapolation;
  const [best] = supported;
  const interval = trustedInterval(extrapolation, way);
  const found: Limit = {
    ...place,
    law: best!.law,
    exponent: best!.exponent,
    limit,
    interval,
    distance: limit - place.etf,
    consistentWithEtf:
      interval[0] - RESOLUTION <= place.etf && place.etf <= interval[1] + RESOLUTION,
    alternatives: supported
      .filter(
        ({ law }, i) =>
          law !== best!.law && supported.findIndex((other) => other.law === law) === i,
      )
      .map(({ law, exponent, limit: other }) => ({ law, exponent, limit: other })),
    refusal: null,
  };
  return { limit: found, samples, values, fit: best! };
}

function meansAlong(
  points: readonly LimitPoint[],
  quantity: Quantity,
): { samples: number[]; values: number[] } {
  const defined = points.flatMap(({ x, quantities }) => {
    const value = quantities[quantity];
    return value === null ? [] : [{ x, value }];
  });
  const means = meansOverReplicates(defined);
  return { samples: means.map(({ x }) => x), values: means.map(({ value }) => value) };
}
