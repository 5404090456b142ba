import * as Plot from '@observablehq/plot';
import type { AxisName } from '../../study/study.js';
import { formatCount, formatNumber } from '../format.js';
import type { TransitionPoint } from '../slices.js';
import { everyNth, thinOut } from '../thin-out.js';
import type { Threshold, TransitionSlice } from '../thresholds.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { heatCells, type HeatCell, type HeatRow } from './heat-cells.js';
import { phaseOf, PHASES, type Phase } from './phase.js';
import { scaleOf } from './scale.js';
import { DARKEST_SHADE, HOLLOW, type LegendEntry } from './series-style.js';
import { shadeOf } from './shade.js';

/** Of more slices every n-th has cells, which would be thinner than a mark. */
const MOST_ROWS = 40;
/** Of more points every n-th has a cell: those between which a transition lies all do. */
const MOST_CELLS = 600;
/** Of more slices the lines join every n-th: nobody sees the difference. */
const MOST_PLACES = 400;
/** Of more transitions, as long tails have, every n-th has a line. */
const MOST_LINES = 12;

/** Slices along one axis that differ in a second one alone. */
interface PhaseMap {
  readonly slices: readonly TransitionSlice[];
  readonly across: AxisName;
  /** What else they agree on, for the title. */
  readonly others: string;
  /** A sentence for the end of the caption. */
  readonly note: string;
}

/** A transition of a slice, with the slice's value of the second axis. */
type Place = Threshold & { readonly y: number };

/** The phases of points over two axes: a mark for what is certified, over a shade that is the order parameter. */
export function phaseFigure({ others, slices, across, note }: PhaseMap): Figure {
  const { grid, along } = slices[0]!;
  const valueAt = ({ coordinates }: TransitionPoint): number => coordinates[across] as number;
  const height = ({ points: [first] }: TransitionSlice): number => valueAt(first!);
  const ascending = [...slices].sort((a, b) => height(a) - height(b));
  const { rows, thinned } = heatRows(ascending, height);
  const points = rows.flatMap((row) => row.points);
  const [x, y] = [scaleOf(points.map((point) => point.x)), scaleOf(points.map(valueAt))];
  const shade = shadeOf(points);
  const cells = heatCells(rows, shade.valueOf, { x: x.type, y: y.type });
  const largest = cells.reduce((most, { value }) => Math.max(most, value), 1e-12);
  const present = (Object.keys(PHASES) as Phase[]).filter((phase) =>
    points.some((point) => phaseOf(point) === phase),
  );
  const edges = placesOf(ascending, height);
  const found = edges.filter(({ refusal }) => refusal === null);
  const describe = (point: TransitionPoint): string =>
    [
      `${along} ${formatNumber(point.x)}`,
      `${across} ${formatNumber(valueAt(point))}`,
      phaseOf(point),
      shade.describe(shade.valueOf(point)),
      `relative gap ${formatNumber(point.relativeGap)}`,
      `point ${point.key}`,
    ].join('\n');
  return {
    title: `${grid}: phases${others === '' ? '' : `, ${others}`}`,
    caption: `Shade: ${shade.caption}. Marks: where each point lies by certificate. Solid lines join the estimates of each transition, dashes what theory says.${thinned}${note}`,
    legend: [
      ...present.map((phase): LegendEntry => [phase, PHASES[phase]]),
      ...(cells.length === 0 ? [] : [[shade.legend(largest), 'shade'] satisfies LegendEntry]),
    ],
    drawing: draw(`Phases of ${grid} over ${along} and ${across}`, {
      height: 320,
      marginLeft: 52,
      marginBottom: 42,
      marginTop: 32,
      inset: 6,
      x: { label: along, ...x },
      y: { label: across, ...y },
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
        present.map((phase) => {
          const { color, symbol, hollow } = { hollow: false, ...PHASES[phase] };
          return Plot.dot(
            points.filter((point) => phaseOf(point) === phase),
            {
              x: 'x',
              y: valueAt,
              symbol,
              stroke: color,
              fill: hollow ? HOLLOW : color,
              r: 2.4,
              // Where there is a cell beneath, it says this.
              title: (point: TransitionPoint) =>
                shade.valueOf(point) === null ? describe(point) : null,
              pointerEvents: 'none',
            },
          );
        }),
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
    header: [along, across, 'what', shade.column, 'relative_gap', 'point_key'],
    rows: [
      ...points.map((point) => [
        point.x,
        valueAt(point),
        phaseOf(point),
        shade.valueOf(point),
        point.relativeGap,
        point.key,
      ]),
      ...found.flatMap(({ transition, estimate, theory, y: value }) => [
        [estimate, value, `${transition}: estimate`, null, null, null],
        ...(theory === null ? [] : [[theory, value, `${transition}: theory`, null, null, null]]),
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
    ...(drawn.length < slices.length
      ? [`${drawn.length} of ${formatCount(slices.length, 'slice')}`]
      : []),
    ...(step > 1 ? [`in each one point in ${step} and the ends of every transition`] : []),
  ];
  return { rows, thinned: some.length === 0 ? '' : ` Cells are drawn of ${some.join(', ')}.` };
}

/** The transitions that lines join, whether they were found or not: a line ends where one was not. */
function placesOf(
  slices: readonly TransitionSlice[],
  height: (slice: TransitionSlice) => number,
): Place[] {
  const drawn = everyNth(slices, MOST_PLACES);
  const names = new Set(
    drawn.flatMap(({ thresholds }) => thresholds.map(({ transition }) => transition)),
  );
  const lines = new Set(everyNth([...names], MOST_LINES));
  return drawn.flatMap((slice) =>
    slice.thresholds
      .filter(({ transition }) => lines.has(transition))
      .map((threshold) => ({ ...threshold, y: height(slice) })),
  );
}
