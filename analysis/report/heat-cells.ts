import type { TransitionPoint } from '../slices.js';

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

/**
 * Cells that fill the map: rows as high as half the way to their neighbours, and in each row a cell for every value
 * of the axis. Replicates share a cell; the first one speaks.
 */
export function heatCells(rows: readonly HeatRow[]): HeatCell[] {
  const heights = edgesOf(rows.map(({ y }) => y));
  return rows.flatMap(({ y, points }) => {
    const widths = edgesOf(points.map(({ x }) => x));
    const [y1, y2] = heights.get(y)!;
    const first = new Map([...points].reverse().map((point) => [point.x, point]));
    return [...first.values()].flatMap((point) => {
      const value = minorityContrast(point);
      const [x1, x2] = widths.get(point.x)!;
      return value === null ? [] : [{ x1, x2, y1, y2, value, point }];
    });
  });
}

/** The contrast of the smallest cluster that can collapse, in units of a logit; null without a solution. */
export function minorityContrast({ clusters, contrasts }: TransitionPoint): number | null {
  const smallest = clusters.map(([classes]) => classes >= 2).lastIndexOf(true);
  const contrast = contrasts?.[smallest] ?? null;
  return contrast === null ? null : contrast / Math.sqrt(clusters[smallest]![1]);
}

/** For each value the middles of the ways to its neighbours; itself at the ends of the axis. */
function edgesOf(values: readonly number[]): Map<number, readonly [number, number]> {
  const ascending = [...new Set(values)].sort((a, b) => a - b);
  return new Map(
    ascending.map((value, i) => [
      value,
      [
        (value + (ascending[i - 1] ?? value)) / 2,
        (value + (ascending[i + 1] ?? value)) / 2,
      ] as const,
    ]),
  );
}
