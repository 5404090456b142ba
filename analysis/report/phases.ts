import * as Plot from '@observablehq/plot';
import { AXES } from '../../study/axes.js';
import { AXIS_NAMES, type AxisName } from '../../study/study.js';
import { formatCount, formatNumber } from '../format.js';
import type { PhasePoint } from '../transitions.js';
import type { TransitionPoint } from '../slices.js';
import type { TransitionSlice } from '../thresholds.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { everyNth, thinOut } from '../thin-out.js';
import { heatCells, minorityContrast, type HeatCell, type HeatRow } from './heat-cells.js';
import { scaleOf } from './scale.js';
import {
  BLUE,
  DARKEST_SHADE,
  GREEN,
  GREY,
  HOLLOW,
  PURPLE,
  VERMILLION,
  type LegendEntry,
  type SeriesStyle,
} from './series-style.js';

const PHASES = {
  'no collapse': BLUE,
  'minority collapsed': VERMILLION,
  'minority mean zero': GREEN,
  'all collapsed': PURPLE,
  undecided: GREY,
} as const satisfies Record<string, SeriesStyle>;

type Phase = keyof typeof PHASES;

/** Fewer slices than this make no map. */
const FEWEST_SLICES = 4;
/** Maps of a grid that are drawn. */
const MOST_MAPS = 4;
/** Of more slices every n-th has cells, which would be thinner than a mark. */
const MOST_ROWS = 40;
/** Of more points every n-th has a cell: those between which a transition lies all do. */
const MOST_CELLS = 1200;
/** Of more slices the lines join every n-th: nobody sees the difference. */
const MOST_PLACES = 400;

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
  const drawn = [...maps].filter(([, members]) => members.length >= FEWEST_SLICES);
  const left = drawn.length - MOST_MAPS;
  const note = left > 0 ? ` ${formatCount(left, 'more map')} of this grid not drawn.` : '';
  return drawn
    .slice(0, MOST_MAPS)
    .map(([others, members]) => phaseFigure(others, members, across, note));
}

function phaseFigure(
  others: string,
  slices: readonly TransitionSlice[],
  across: AxisName,
  note: string,
): Figure {
  const { grid, along } = slices[0]!;
  const valueAt = ({ coordinates }: TransitionPoint): number => coordinates[across] as number;
  const height = ({ points: [first] }: TransitionSlice): number => valueAt(first!);
  const ascending = [...slices].sort((a, b) => height(a) - height(b));
  const { rows, thinned } = heatRows(ascending, height);
  const cells = heatCells(rows);
  const points = rows.flatMap((row) => row.points);
  const edges = everyNth(ascending, MOST_PLACES).flatMap((slice) =>
    slice.thresholds.map((threshold) => ({ ...threshold, y: height(slice) })),
  );
  const found = edges.filter(({ refusal }) => refusal === null);
  const present = (Object.keys(PHASES) as Phase[]).filter((phase) =>
    points.some((point) => phaseOf(point) === phase),
  );
  const largest = largestOf(cells);
  const describe = (point: TransitionPoint): string =>
    [
      `${along} ${formatNumber(point.x)}`,
      `${across} ${formatNumber(valueAt(point))}`,
      phaseOf(point),
      `minority contrast ${formatNumber(minorityContrast(point))}`,
      `relative gap ${formatNumber(point.relativeGap)}`,
      `point ${point.key}`,
    ].join('\n');
  return {
    title: `${grid}: phases${others === '' ? '' : `, ${others}`}`,
    caption: `Shade: contrast of the minority in logits. Marks: where each point lies by certificate. Solid lines join the estimates of each transition, dashes what theory says.${thinned}${note}`,
    legend: [
      ...present.map((phase): LegendEntry => [phase, PHASES[phase]]),
      ...(cells.length === 0
        ? []
        : [[`contrast 0 … ${formatNumber(largest)}`, 'shade'] satisfies LegendEntry]),
    ],
    drawing: draw(`Phases of ${grid} over ${along} and ${across}`, {
      height: 320,
      marginLeft: 52,
      marginBottom: 42,
      marginTop: 32,
      inset: 6,
      x: { label: along, ...scaleOf(points.map(({ x }) => x)) },
      y: {
        label: across,
        ...scaleOf(points.map(valueAt)),
      },
      opacity: { domain: [0, largest], range: [0, DARKEST_SHADE] },
      marks: [
        Plot.rect(cells, {
          x1: 'x1',
          x2: 'x2',
          y1: 'y1',
          y2: 'y2',
          fill: 'currentColor',
          fillOpacity: 'value',
          title: ({ point }: HeatCell) => describe(point),
        }),
        present.map((phase) =>
          Plot.dot(
            points.filter((point) => phaseOf(point) === phase),
            {
              x: 'x',
              y: valueAt,
              symbol: PHASES[phase].symbol,
              stroke: PHASES[phase].color,
              fill: phase === 'no collapse' || phase === 'undecided' ? HOLLOW : PHASES[phase].color,
              r: 2.4,
              // Where there is a cell beneath, it says this.
              title: (point: TransitionPoint) =>
                minorityContrast(point) === null ? describe(point) : null,
              pointerEvents: 'none',
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
        Plot.lineX(found, {
          x: 'theory',
          y: 'y',
          z: 'transition',
          stroke: 'currentColor',
          strokeDasharray: '3 3',
        }),
      ],
    }),
    header: [along, across, 'what', 'minority_contrast', 'relative_gap', 'point_key'],
    rows: [
      ...points.map((point) => [
        point.x,
        valueAt(point),
        phaseOf(point),
        minorityContrast(point),
        point.relativeGap,
        point.key,
      ]),
      ...found.flatMap(({ transition, estimate, theory, y }) => [
        [estimate, y, `${transition}: estimate`, null, null, null],
        ...(theory === null ? [] : [[theory, y, `${transition}: theory`, null, null, null]]),
      ]),
    ],
  };
}

/** The points that get cells, row by row, and a sentence on those that are left out. */
function heatRows(
  slices: readonly TransitionSlice[],
  height: (slice: TransitionSlice) => number,
): { rows: HeatRow[]; thinned: string } {
  const drawn = everyNth(slices, MOST_ROWS);
  const count = drawn.reduce((sum, { points }) => sum + points.length, 0);
  const step = Math.ceil(count / MOST_CELLS);
  const rows = drawn.map((slice) => ({
    y: height(slice),
    points: thinOut(slice.points, slice.thresholds, step),
  }));
  const some = [
    ...(drawn.length < slices.length ? [`${drawn.length} of ${slices.length} slices`] : []),
    ...(step > 1 ? [`in each one point in ${step} and the ends of every transition`] : []),
  ];
  return { rows, thinned: some.length === 0 ? '' : ` Cells are drawn of ${some.join(', ')}.` };
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
