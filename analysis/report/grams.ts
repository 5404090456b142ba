import * as Plot from '@observablehq/plot';
import { formatNumber } from '../format.js';
import type { GramPoint } from './data.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';

interface Cell {
  readonly matrix: string;
  readonly row: string;
  readonly column: string;
  readonly cosine: number | null;
}

/** Larger tables would be a texture of unreadable numbers. */
const MOST_CLUSTERS = 6;

/**
 * The cosines between clusters at one point, as three small heat maps with their numbers; null for many clusters, or
 * where every vector is zero.
 */
export function gramFigure({ grid, place, clusters, cosines }: GramPoint): Figure | null {
  const size = clusters.length;
  const cells = Object.entries(cosines).flatMap(([matrix, table]) =>
    clusters.flatMap((row, i) =>
      clusters.map((column, j): Cell => ({
        matrix,
        row: `${row[0]} × ${shortCount(row[1])}`,
        column: shortCount(column[1]),
        cosine: table[i * size + j] ?? null,
      })),
    ),
  );
  if (size > MOST_CLUSTERS || cells.every(({ cosine }) => cosine === null)) return null;
  const etf = -1 / (clusters.reduce((sum, [classes]) => sum + classes, 0) - 1);
  // Deviations from the ETF are small next to collapse: their square roots show both.
  const shade = ({ cosine }: Cell): number => {
    const deviation = cosine === null ? 0 : cosine - etf;
    return Math.sign(deviation) * Math.sqrt(Math.abs(deviation));
  };
  const svg = draw(`Mean cosines of W, H and Z between clusters of ${grid} at ${place}`, {
    height: 84 + 40 * size,
    marginLeft: 84,
    marginTop: 34,
    marginBottom: 30,
    padding: 0,
    fx: { label: null, padding: 0.08, domain: ['W', 'H', 'Z'] },
    x: { label: null, tickSize: 0, domain: [...new Set(cells.map(({ column }) => column))] },
    y: { label: null, tickSize: 0, domain: [...new Set(cells.map(({ row }) => row))] },
    color: { type: 'linear', domain: [-1, 0, 1], range: ['#d55e00', '#ffffff', '#0072b2'] },
    marks: [
      Plot.cell(cells, {
        fx: 'matrix',
        x: 'column',
        y: 'row',
        fill: shade,
        stroke: 'currentColor',
        strokeOpacity: 0.3,
        title: ({ matrix, row, column, cosine }: Cell) =>
          `${matrix}: classes of ${row} samples with classes of ${column}\nmean cosine ${formatNumber(cosine)}`,
      }),
      Plot.text(cells, {
        fx: 'matrix',
        x: 'column',
        y: 'row',
        text: ({ cosine }: Cell) => (cosine === null ? '–' : cosine.toFixed(size <= 3 ? 3 : 2)),
        fill: (cell: Cell) => (Math.abs(shade(cell)) > 0.6 ? 'white' : 'black'),
        fontSize: size <= 2 ? 12 : 9,
      }),
    ],
  });
  return {
    title: `${grid}: ${place}`,
    caption: `A simplex ETF has ${formatNumber(etf)} everywhere; 1 within a cluster is collapse; – is undefined.`,
    legend: null,
    svg,
    header: ['matrix', 'row_cluster', 'column_samples', 'mean_cosine'],
    rows: cells.map(({ matrix, row, column, cosine }) => [matrix, row, column, cosine]),
  };
}

function shortCount(samples: number): string {
  return samples < 1e5 ? String(samples) : samples.toExponential(0).replace('e+', 'e');
}
