import * as Plot from '@observablehq/plot';
import { AXES } from '../../study/axes.js';
import { AXIS_NAMES, type AxisName } from '../../study/study.js';
import { formatNumber } from '../format.js';
import type { PhasePoint } from '../transitions.js';
import type { TransitionPoint } from '../slices.js';
import type { TransitionSlice } from '../thresholds.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { heatCells, minorityContrast, type HeatCell } from './heat-cells.js';
import { BLUE, GREEN, GREY, legend, PURPLE, VERMILLION, type SeriesStyle } from './series-style.js';

const PHASES = {
  'no collapse': BLUE,
  'minority collapsed': VERMILLION,
  'minority mean zero': GREEN,
  'all collapsed': PURPLE,
  undecided: GREY,
} as const satisfies Record<string, SeriesStyle>;

type Phase = keyof typeof PHASES;

/** More marks than this would be a heavy page and a black square; every n-th point is drawn then. */
const MOST_MARKS = 1500;

/** Fewer slices than this make no map. */
const FEWEST_SLICES = 4;

/** A map of the phases of one grid, for every setting of what is on neither axis; none where one axis varies alone. */
export function phaseFigures(slices: readonly TransitionSlice[]): Figure[] {
  const across = secondAxis(slices);
  if (across === null) return [];
  const names = otherNames(slices, [slices[0]!.along, across, 'seed']);
  const maps = new Map<string, TransitionSlice[]>();
  for (const slice of slices) {
    const { coordinates } = slice.points[0]!;
    const others = names.map((name) => `${name}=${JSON.stringify(coordinates[name])}`).join(', ');
    maps.set(others, [...(maps.get(others) ?? []), slice]);
  }
  return [...maps]
    .filter(([, members]) => members.length >= FEWEST_SLICES)
    .map(([others, members]) => phaseFigure(others, members, across));
}

function phaseFigure(others: string, slices: readonly TransitionSlice[], across: AxisName): Figure {
  const { grid, along } = slices[0]!;
  const all = slices.flatMap(({ points }) => points);
  const step = Math.ceil(all.length / MOST_MARKS);
  const points = all.filter((_, i) => i % step === 0);
  const cells = heatCells(
    slices.map(({ points: members }) => ({
      y: members[0]!.coordinates[across] as number,
      points: members,
    })),
  );
  const edges = slices.flatMap(({ points: [first], thresholds }) =>
    thresholds.map((threshold) => ({ ...threshold, y: first!.coordinates[across] as number })),
  );
  const present = (Object.keys(PHASES) as Phase[]).filter((phase) =>
    points.some((point) => phaseOf(point) === phase),
  );
  const thinned = step === 1 ? '' : ` One point in ${step} is drawn.`;
  return {
    title: `${grid}: phases${others === '' ? '' : `, ${others}`}`,
    caption: `Shade: contrast of the minority in logits, white is zero, darkest ${formatNumber(largestOf(cells))}. Marks: where each point lies by certificate. Solid lines join the estimates of each transition, dashes what theory says.${thinned}`,
    legend: legend(present.map((phase) => [phase, PHASES[phase]])),
    svg: draw(`Phases of ${grid} over ${along} and ${across}`, {
      height: 340,
      marginLeft: 56,
      marginBottom: 42,
      marginTop: 32,
      inset: 6,
      x: { label: along, ticks: 6, ...scaleOf(points.map(({ x }) => x)) },
      y: {
        label: across,
        ticks: 6,
        ...scaleOf(points.map(({ coordinates }) => coordinates[across] as number)),
      },
      color: { type: 'linear', domain: [0, largestOf(cells)], range: ['#ffffff', '#6b7a8f'] },
      marks: [
        Plot.rect(cells, {
          x1: 'x1',
          x2: 'x2',
          y1: 'y1',
          y2: 'y2',
          fill: 'value',
          title: ({ point, value }: HeatCell) =>
            `${along} ${formatNumber(point.x)}\n${across} ${formatNumber(point.coordinates[across] as number)}\nminority contrast ${formatNumber(value)}\npoint ${point.key}`,
        }),
        present.map((phase) =>
          Plot.dot(
            points.filter((point) => phaseOf(point) === phase),
            {
              x: 'x',
              y: ({ coordinates }: TransitionPoint) => coordinates[across] as number,
              symbol: PHASES[phase].symbol,
              stroke: PHASES[phase].color,
              fill: phase === 'no collapse' || phase === 'undecided' ? 'none' : PHASES[phase].color,
              r: 2.2,
              title: ({ x, coordinates, key }: TransitionPoint) =>
                `${phase}\n${along} ${formatNumber(x)}\n${across} ${formatNumber(coordinates[across] as number)}\npoint ${key}`,
            },
          ),
        ),
        Plot.lineX(edges, {
          x: 'estimate',
          y: 'y',
          z: 'transition',
          stroke: 'currentColor',
          strokeWidth: 1.5,
        }),
        Plot.lineX(
          edges.filter(({ refusal }) => refusal === null),
          {
            x: 'theory',
            y: 'y',
            z: 'transition',
            stroke: 'currentColor',
            strokeDasharray: '3 3',
          },
        ),
      ],
    }),
    header: [along, across, 'phase', 'minority_contrast', 'relative_gap', 'point_key'],
    rows: all.map((point) => [
      point.x,
      point.coordinates[across] as number,
      phaseOf(point),
      minorityContrast(point),
      point.relativeGap,
      point.key,
    ]),
  };
}

function largestOf(cells: readonly HeatCell[]): number {
  return cells.reduce((largest, { value }) => Math.max(largest, value), 1e-12);
}

/** The phase of a point by what is certified, from the farthest collapse back. */
export function phaseOf({ clusters, collapsed, meanCollapsed }: PhasePoint): Phase {
  const smallest = clusters.map(([classes]) => classes >= 2).lastIndexOf(true);
  if (collapsed === null || smallest < 0) return 'undecided';
  if (collapsed[0] === true) return 'all collapsed';
  if (clusters.length === 2 && meanCollapsed === true) return 'minority mean zero';
  const minority = collapsed[smallest] ?? null;
  if (minority === null) return 'undecided';
  return minority ? 'minority collapsed' : 'no collapse';
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

/** A logarithmic scale where values span more than a decade. */
function scaleOf(values: readonly number[]): { type: 'log' | 'linear' } {
  const [low, high] = values.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity],
  );
  return { type: low > 0 && high > 10 * low ? 'log' : 'linear' };
}
