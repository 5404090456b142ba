import type { AxisPoint } from './slices.js';
import { transitionsOf, type CertifiedPhase, type TransitionName } from './transitions.js';

/** A point of a slice as far as its phase goes; one without a row is certified of nothing. */
export interface PhasedPoint extends AxisPoint, CertifiedPhase {
  /** Whether the row's gap is within its tolerance. */
  readonly certified: boolean;
  /** Singular values of Z D^(1/2) that are seen above zero; null without a solution. */
  readonly rank: number | null;
}

/** The end of a slice in which no transition lies. */
export interface LastPhase<P extends PhasedPoint> {
  /** Its points, ascending along the axis. */
  readonly points: readonly P[];
  /** The transitions that are behind in all of them. */
  readonly transitions: readonly TransitionName[];
  /** Whether nothing is left, Z = 0. */
  readonly empty: boolean;
  /** Where it begins on the axis; null when the slice has no other phase. */
  readonly from: number | null;
  /** Values of the axis without a certified row that tells the phase. */
  readonly undecided: number;
}

/**
 * What a quantity tends to is decided in the last phase alone, since at a transition its law changes. Certificates
 * tell the phases apart; singular values of three or more clusters that die without one, by the rank that is seen.
 *
 * @param points of one slice, ascending along the axis
 * @returns null when no point has a known phase
 */
export function lastPhase<P extends PhasedPoint>(points: readonly P[]): LastPhase<P> | null {
  const certified = points.filter((point) => point.certified);
  if (certified.length === 0) return null;
  const { clusters } = certified.reduce((a, b) => (b.clusters.length > a.clusters.length ? b : a));
  // A question that no row answers, such as the collapse of a single class, tells no phases apart.
  const questions = transitionsOf(clusters).filter(
    ({ certifiable, collapsed }) =>
      certifiable && certified.some((point) => collapsed(point) !== null),
  );
  const byRank = clusters.length > 2 || questions.length === 0;
  const signOf = (point: P): string | null => {
    const answers = questions.map(({ collapsed }) => collapsed(point));
    if (!point.certified || answers.includes(null)) return null;
    return JSON.stringify([answers, byRank ? point.rank : null]);
  };
  const signs = new Map<number, Set<string>>();
  for (const point of points) {
    const seen = signs.get(point.x) ?? new Set();
    const sign = signOf(point);
    if (sign !== null) seen.add(sign);
    signs.set(point.x, seen);
  }
  // Replicates of which some are undecided are as good as the others; two that differ decide nothing.
  const decided = [...signs].flatMap(([x, [sign, other]]) =>
    sign === undefined || other !== undefined ? [] : [{ x, sign }],
  );
  const last = decided.at(-1);
  if (last === undefined) return null;
  const start = decided.findLastIndex(({ sign }) => sign !== last.sign) + 1;
  const from = decided[start]!.x;
  const members = points.filter((point) => point.x >= from && signOf(point) === last.sign);
  const behind = questions.filter(({ collapsed }) => collapsed(members[0]!) === true);
  return {
    points: members,
    transitions: behind.map(({ name }) => name),
    empty: questions.length > 0 && behind.length === questions.length,
    from: start === 0 ? null : from,
    undecided: signs.size - decided.length,
  };
}
