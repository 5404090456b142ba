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

/** The cosines between clusters at one point, as three small heat maps with their numbers; null for many clusters. */
export function gramFigure({ grid, place, clusters, cosines }: GramPoint): Figure | null {
  const size = clusters.length;
  if (size > MOST_CLUSTERS) return null;
  const names = clusters.map(([classes, samples]) => `${classes} × ${shortCount(samples)}`);
  const cells = Object.entries(cosines).flatMap(([matrix, table]) =>
    names.flatMap((row, i) =>
      names.map((column, j): Cell => ({
        matrix,
        row,
        column,
        cosine: table[i * size + j] ?? null,
      })),
    ),
  );
  const digits = size <= 3 ? 3 : 2;
  const svg = draw(`Mean cosines of W, H and Z between clusters of ${grid} at ${place}`, {
    height: 96 + 40 * size,
    marginLeft: 76,
    marginTop: 44,
    marginBottom: 30,
    padding: 0,
    fx: { label: null, padding: 0.08 },
    x: { label: null, tickSize: 0, domain: names },
    y: { label: null, tickSize: 0, domain: names },
    color: { type: 'linear', domain: [-1, 0, 1], range: ['#d55e00', '#ffffff', '#0072b2'] },
    marks: [
      Plot.cell(cells, {
        fx: 'matrix',
        x: 'column',
        y: 'row',
        fill: ({ cosine }: Cell) => cosine ?? 0,
        stroke: 'currentColor',
        strokeOpacity: 0.3,
        title: ({ matrix, row, column, cosine }: Cell) =>
          `${matrix}: ${row} with ${column}\nmean cosine ${formatNumber(cosine)}`,
      }),
      Plot.text(cells, {
        fx: 'matrix',
        x: 'column',
        y: 'row',
        text: ({ cosine }: Cell) => (cosine === null ? '–' : cosine.toFixed(digits)),
        fill: ({ cosine }: Cell) => (Math.abs(cosine ?? 0) > 0.6 ? 'white' : 'black'),
        fontSize: size <= 3 ? 12 : 9,
      }),
    ],
  });
  return {
    title: `${grid}: ${place}`,
    caption: `Mean cosines between classes of each pair of clusters (classes × samples). A simplex ETF has ${formatNumber(-1 / (clusters.reduce((sum, [classes]) => sum + classes, 0) - 1))} everywhere; 1 within a cluster is collapse; – is undefined.`,
    legend: null,
    svg,
    header: ['matrix', 'row_cluster', 'column_cluster', 'mean_cosine'],
    rows: cells.map(({ matrix, row, column, cosine }) => [matrix, row, column, cosine]),
  };
}

function shortCount(samples: number): string {
  return samples < 1e5 ? String(samples) : samples.toExponential(0).replace('e+', 'e');
}
