import type { TransitionPoint } from '../slices.js';
import type { AxisScale } from './scale.js';

/** The part of a map that is nearer to one point than to its neighbours, with its order parameter. */
export interface HeatCell {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly value: number;
  readonly point: TransitionPoint;
}

/** The points of one slice, and the value of the other axis that they share. */
export interface HeatRow {
  readonly y: number;
  readonly points: readonly TransitionPoint[];
}

/** How the two axes are divided: "half the way" is that of the eye. */
export interface HeatScales {
  readonly x: AxisScale['type'];
  readonly y: AxisScale['type'];
}

/**
 * Cells that fill the map: rows as high as half the way to their neighbours, and in each row a cell for every value
 * of the axis. Replicates share a cell; the first one speaks.
 *
 * @param valueOf the order parameter of a point; null for no cell
 */
export function heatCells(
  rows: readonly HeatRow[],
  valueOf: (point: TransitionPoint) => number | null,
  scales: HeatScales,
): HeatCell[] {
  const heights = edgesOf(
    rows.map(({ y }) => y),
    scales.y,
  );
  return rows.flatMap(({ y, points }) => {
    const widths = edgesOf(
      points.map(({ x }) => x),
      scales.x,
    );
    const [y1, y2] = heights.get(y)!;
    const first = new Map([...points].reverse().map((point) => [point.x, point]));
    return [...first.values()].flatMap((point) => {
      const value = valueOf(point);
      const [x1, x2] = widths.get(point.x)!;
      return value === null ? [] : [{ x1, x2, y1, y2, value, point }];
    });
  });
}

/** For each value the middles of the ways to its neighbours; itself at the ends of the axis. */
function edgesOf(
  values: readonly number[],
  type: AxisScale['type'],
): Map<number, readonly [number, number]> {
  const ascending = [...new Set(values)].sort((a, b) => a - b);
  const middle = (a: number, b = a): number => (type === 'log' ? Math.sqrt(a * b) : (a + b) / 2);
  return new Map(
    ascending.map((value, i) => [
      value,
      [middle(value, ascending[i - 1]), middle(value, ascending[i + 1])] as const,
    ]),
  );
}
