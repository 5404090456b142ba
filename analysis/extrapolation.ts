import { FEWEST_POINTS, fitLaws, type LawFit } from './laws.js';
import type { Interval } from './order-parameter.js';

/** What a series says of its limit. */
export interface Extrapolation {
  /** The laws that the data do not rule out, best first. */
  readonly supported: readonly LawFit[];
  /** The limit of the best law, as far as it is possible. */
  readonly limit: number;
  /** The value at the most samples. */
  readonly last: number;
  /** How far the limit moves when the first third of the samples is left out; 0 where the rest is too little to fit. */
  readonly drift: number;
  /** What the quantity can be at all. */
  readonly possible: Interval;
}

/** Beyond this difference in AICc a law has no support from the data (Burnham & Anderson, 2002, section 2.6). */
const SUPPORTED = 10;
/**
 * How far the limit may lie, in units of the way from the last value to the fitted limit. A law is an extrapolation
 * through what may be many decades, and its own error bars know nothing of the terms that it leaves out. With 3
 * the intervals held 79 of 81 limits known in closed form (K = 10, r = 2, lambda = 0.1 / N, windows from one decade to
 * nine, noise up to 1e-5), on which it was chosen, and told a free bias from a penalised one.
 */
const OWN_WAY = 3;
/** How far to either side, in units of the way that quantities which move with this one have to go (docs/decisions/intervals.md). */
const COMMON_WAY = 2;

/**
 * Fits the laws and extrapolates the best.
 *
 * @param samples distinct, at least FEWEST_POINTS, ascending; @param values the quantity there
 */
export function extrapolate(
  samples: readonly number[],
  values: readonly number[],
  possible: Interval,
): Extrapolation {
  const fits = fitLaws(samples, values);
  const best = fits[0]!;
  return {
    supported: fits.filter(({ aicc }) => aicc - best.aicc <= SUPPORTED),
    limit: Math.min(possible[1], Math.max(possible[0], best.limit)),
    last: values.at(-1)!,
    drift: driftOf(best, samples, values),
    possible,
  };
}

/**
 * Hull of what the best law allows statistically, of the extrapolations of all supported laws, of where the limit is
 * drifting to, and of how far the quantity may yet turn back.
 *
 * @param commonWay how far what moves with this quantity has to go; 0 where nothing does
 */
export function trustedInterval(
  { supported, limit, last, drift, possible: [smallest, largest] }: Extrapolation,
  commonWay: number,
): Interval {
  const best = supported[0]!;
  const ends = supported.flatMap((fit) =>
    fit.law === 'plateau' ? [fit.limit] : [last, last + OWN_WAY * (fit.limit - last)],
  );
  ends.push(limit, ...best.interval, best.limit + OWN_WAY * drift);
  ends.push(last - COMMON_WAY * commonWay, last + COMMON_WAY * commonWay);
  return [Math.max(smallest, Math.min(...ends)), Math.min(largest, Math.max(...ends))];
}

/** A law whose next term still counts does not stay where it is. */
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
