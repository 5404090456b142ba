import { sliceNamer } from '../study/slice.js';
import { AXES } from '../study/axes.js';
import type { AxisName, Coordinates, Grid } from '../study/study.js';
import { grouped } from './grouped.js';
import type { PredictedPoint } from './prediction.js';
import type { PhasePoint } from './transitions.js';

/** A point with the value of the axis that the analysis looks along. */
export interface AxisPoint {
  readonly coordinates: Coordinates;
  /** Value of the axis. */
  readonly x: number;
}

/** A point as the search for transitions reads it, with what names it. */
export interface TransitionPoint extends AxisPoint, PhasePoint, PredictedPoint {
  readonly key: string;
  /** In nats; null without a solution. */
  readonly objective: number | null;
  readonly relativeGap: number | null;
}

/** Points that differ in one axis only, and in the seed, which makes replicates. Ascending along the axis. */
export interface Slice<P extends AxisPoint> {
  readonly name: string;
  readonly points: readonly P[];
}

const LETTERS = new Intl.Collator('en');
/** The numbers in a name, as `split` keeps them. */
const NUMBERS = /(\d+(?:\.\d+)?(?:e[+-]?\d+)?)/;

/** Cuts the points of a grid into slices along an axis, sorted by name as people count. */
export function slicesOf<P extends AxisPoint>(
  grid: Grid,
  along: AxisName,
  points: Iterable<P>,
): Slice<P>[] {
  const nameOf = sliceNamer(grid, along);
  return [...grouped(points, ({ coordinates }) => nameOf(coordinates))]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([name, members]) => ({
      name,
      points: members.sort((a, b) => a.x - b.x),
    }));
}

/** The slices of points that come slice after slice, in that order. */
export async function* slicesInOrder<P extends AxisPoint>(
  grid: Grid,
  along: AxisName,
  points: AsyncIterable<P>,
): AsyncGenerator<Slice<P>> {
  const nameOf = sliceNamer(grid, along);
  let name: string | null = null;
  let members: P[] = [];
  for await (const point of points) {
    const next = nameOf(point.coordinates);
    if (name !== null && next !== name) {
      yield { name, points: members.sort((a, b) => a.x - b.x) };
      members = [];
    }
    name = next;
    members.push(point);
  }
  if (name !== null) yield { name, points: members.sort((a, b) => a.x - b.x) };
}

/** Compares names of slices as people count. */
export function bySliceName(a: Slice<AxisPoint>, b: Slice<AxisPoint>): number {
  return compareNames(a.name, b.name);
}

/** Texts with numbers in them by the values of the numbers: 1.03 comes before 1.2, and 9 before 10. */
function compareNames(a: string, b: string): number {
  const [left, right] = [a.split(NUMBERS), b.split(NUMBERS)];
  const differs = left.findIndex((part, i) => part !== right[i]);
  const [mine = '', other = ''] = [left[differs], right[differs]];
  const difference = differs % 2 === 1 ? Number(mine) - Number(other) : 0;
  return difference === 0 ? LETTERS.compare(a, b) : difference;
}

/** The axes along which phases change, the most telling first. */
const TRANSITION_AXES: readonly AxisName[] = [
  'lambda',
  'lambdaTimesN',
  'lambdaTimesSqrtN',
  'lambdaOverThreshold',
  'lambdaW',
  'lambdaH',
  'imbalanceRatio',
  'majoritySamples',
  'minoritySamples',
  'sampleScale',
];

/** The axis to look for transitions along: the one that the grid names, or else the first that it varies. */
export function transitionAxis(grid: Grid): AxisName | null {
  if (grid.locate !== null) return grid.locate.along;
  if (grid.fitLimit !== null) return null;
  const varied = new Set(
    grid.axes.filter(({ steps }) => steps.length > 1).flatMap(({ names }) => names),
  );
  return TRANSITION_AXES.find((name) => varied.has(name) && AXES[name].scale !== null) ?? null;
}
