import { formatCount } from '../format.js';
import { styleAt, type LegendEntry, type SeriesStyle } from './series-style.js';

/** A legend of more grids would be longer than its figure, and shapes come again. */
const MOST_NAMED = 9;

/** A style for each grid, by position. */
export function gridStyles(grids: readonly string[]): Map<string, SeriesStyle> {
  return new Map([...new Set(grids)].map((grid, i) => [grid, styleAt(i)]));
}

/** The grids that a legend has room for. */
export function gridLegend(styles: ReadonlyMap<string, SeriesStyle>): LegendEntry[] {
  return [...styles].slice(0, MOST_NAMED);
}

/** A sentence for the caption on the grids that the legend leaves out. */
export function unnamedText({ size }: ReadonlyMap<string, SeriesStyle>): string {
  const left = size - MOST_NAMED;
  return left > 0
    ? ` ${formatCount(left, 'more grid')} without room in the legend: marks name them.`
    : '';
}
