import { formatNumber } from '../format.js';
import type { TransitionPoint } from '../slices.js';
import { VANISHED } from '../thresholds.js';
import { smallestShared } from './phase.js';

/** What the shade of a map says: a number for each point, dark where it is large. */
export interface Shade {
  readonly caption: string;
  readonly column: string;
  /** What the legend says of the darkest shade. */
  readonly legend: (largest: number) => string;
  /** Null without a solution. */
  readonly valueOf: (point: TransitionPoint) => number | null;
  /** The value for people. */
  readonly describe: (value: number | null) => string;
}

/** The order parameter of a map: the contrast of the minority, or the rank where every class has a size of its own. */
export function shadeOf(points: readonly TransitionPoint[]): Shade {
  const shared = points.some(({ clusters }) => clusters.some(([classes]) => classes >= 2));
  return shared ? MINORITY_CONTRAST : RANK;
}

const MINORITY_CONTRAST: Shade = {
  caption: 'contrast of the minority in logits',
  column: 'minority_contrast',
  legend: (largest) => `contrast 0 … ${formatNumber(largest)}`,
  valueOf: minorityContrast,
  describe: (value) => `minority contrast ${formatNumber(value)}`,
};

const RANK: Shade = {
  caption: 'how many singular values are above zero in the row',
  column: 'rank',
  legend: (largest) => `singular values 0 … ${largest}`,
  valueOf: rankOf,
  describe: (value) => `${formatNumber(value)} singular values above zero`,
};

/** The contrast of the smallest cluster that can collapse, in units of a logit. */
function minorityContrast({ clusters, contrasts }: TransitionPoint): number | null {
  const smallest = smallestShared(clusters);
  const contrast = contrasts?.[smallest] ?? null;
  return contrast === null ? null : contrast / Math.sqrt(clusters[smallest]![1]);
}

/** By the rule of the column `rank`. Two classes of different sizes have one singular value, which is the nuclear norm. */
function rankOf({ clusters, singularValues, nuclearNorm }: TransitionPoint): number | null {
  const all = singularValues ?? (nuclearNorm === null ? null : [nuclearNorm]);
  const zero = VANISHED * Math.sqrt(clusters[0]![1]);
  return all === null ? null : all.filter((value) => value > zero).length;
}
