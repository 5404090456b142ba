import { AXES } from '../../study/axes.js';
import { AXIS_NAMES, type AxisName } from '../../study/study.js';
import { formatCount } from '../format.js';
import { grouped } from '../grouped.js';
import type { TransitionSlice } from '../thresholds.js';
import type { Figure } from './figure.js';
import { phaseFigure } from './phase-figure.js';

/** Fewer slices than this make no map. */
const FEWEST_SLICES = 4;
/** Maps of a grid that are drawn. */
const MOST_MAPS = 4;

/**
 * A map of the phases of one grid, for every setting of what is on neither axis; none where one axis varies alone. Each is
 * drawn when it is asked for.
 */
export function phaseMaps(slices: readonly TransitionSlice[]): (() => Figure)[] {
  const across = secondAxis(slices);
  if (across === null) return [];
  const names = otherNames(slices, [slices[0]!.along, across, 'seed']);
  const maps = grouped(slices, ({ points: [first] }) =>
    names.map((name) => `${name}=${JSON.stringify(first!.coordinates[name])}`).join(', '),
  );
  const worthwhile = [...maps].filter(([, members]) => members.length >= FEWEST_SLICES);
  const left = worthwhile.length - MOST_MAPS;
  const note = left > 0 ? ` ${formatCount(left, 'more map')} of this grid not drawn.` : '';
  return worthwhile.slice(0, MOST_MAPS).map(
    ([others, members]) =>
      () =>
        phaseFigure({ others, slices: members, across, note }),
  );
}

/** The numeric axis, besides that of the transitions, on which the slices take the most values. */
function secondAxis(slices: readonly TransitionSlice[]): AxisName | null {
  const along = slices[0]?.along;
  const counted = AXIS_NAMES.filter((name) => name !== along && AXES[name].scale !== null).map(
    (name) => ({
      name,
      values: new Set(
        slices
          .map(({ points }) => points[0]!.coordinates[name])
          .filter((value) => typeof value === 'number'),
      ),
    }),
  );
  const most = counted.reduce((a, b) => (b.values.size > a.values.size ? b : a));
  return most.values.size > 1 ? most.name : null;
}

/** What else tells slices apart: the names whose values differ between them. */
function otherNames(
  slices: readonly TransitionSlice[],
  known: readonly AxisName[],
): readonly AxisName[] {
  return AXIS_NAMES.filter((name) => !known.includes(name)).filter(
    (name) =>
      new Set(slices.map(({ points }) => JSON.stringify(points[0]!.coordinates[name]))).size > 1,
  );
}
