import type { Cluster } from '../../study/instance.js';
import type { PhasePoint } from '../transitions.js';
import { BLUE, GREEN, INK, PURPLE, SKY, VERMILLION, type SeriesStyle } from './series-style.js';

/** The phases that certificates tell apart, with the mark of each: shapes differ, so that colour is not needed. */
export const PHASES = {
  'no collapse': { ...BLUE, hollow: true },
  'minority collapsed': VERMILLION,
  'minority mean zero': GREEN,
  'something left': { ...SKY, hollow: true },
  'all collapsed': PURPLE,
  undecided: INK,
} as const satisfies Record<string, SeriesStyle>;

export type Phase = keyof typeof PHASES;

/**
 * The phase of a point by what is certified, from the farthest collapse back. Where every class has a size of its own
 * none can collapse with another: certificates tell only whether anything is left.
 */
export function phaseOf({ clusters, collapsed, meanCollapsed }: PhasePoint): Phase {
  const smallest = smallestShared(clusters);
  if (collapsed === null) return 'undecided';
  if (smallest < 0) {
    if (meanCollapsed === null) return 'undecided';
    return meanCollapsed ? 'all collapsed' : 'something left';
  }
  if (collapsed[0] === true) return 'all collapsed';
  if (clusters.length === 2 && meanCollapsed === true) return 'minority mean zero';
  const minority = collapsed[smallest] ?? null;
  if (minority === null) return 'undecided';
  return minority ? 'minority collapsed' : 'no collapse';
}

/** Index of the smallest cluster of several classes, which can collapse into one; -1 for none. */
export function smallestShared(clusters: readonly Cluster[]): number {
  return clusters.map(([classes]) => classes >= 2).lastIndexOf(true);
}
