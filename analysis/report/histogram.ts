import * as Plot from '@observablehq/plot';
import { formatCount, formatNumber } from '../format.js';
import type { Bin } from './data.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { logScale } from './scale.js';
import { BLUE } from './series-style.js';

/** A histogram on a logarithmic axis; null when there is nothing to count. */
export function histogramFigure(
  title: string,
  label: string,
  caption: string,
  bins: readonly Bin[],
): Figure | null {
  if (bins.length === 0) return null;
  return {
    title,
    caption,
    legend: [],
    drawing: draw(title, {
      height: 220,
      marginLeft: 52,
      marginBottom: 42,
      x: { label, ...logScale(bins[0]!.low, bins.at(-1)!.high) },
      y: { label: 'points', grid: true, ticks: 4 },
      marks: [
        Plot.rectY(bins as Bin[], {
          x1: 'low',
          x2: 'high',
          y: 'count',
          fill: BLUE.color,
          insetLeft: 0.5,
          insetRight: 0.5,
          title: ({ low, high, count }: Bin) =>
            `${formatCount(count, 'point')}\nfrom ${formatNumber(low)} to ${formatNumber(high)}`,
        }),
        Plot.ruleY([0]),
      ],
    }),
    header: ['low', 'high', 'points'],
    rows: bins.map(({ low, high, count }) => [low, high, count]),
  };
}
