import * as Plot from '@observablehq/plot';
import { draw } from '../../analysis/report/draw.js';
import { drawingFile } from '../../analysis/report/standalone.js';
import type { RealRun } from './real-run.js';

interface Cost {
  readonly points: number;
  /** Microseconds of CPU a point. */
  readonly cost: number;
  readonly of: 'everything' | 'solving';
}

const COLORS = { everything: '#0072b2', solving: '#d55e00' };

/** What a point costs against how many there are, as an SVG. */
export function costPlot(runs: readonly RealRun[]): string {
  const costs = runs.flatMap(({ points, cpuSeconds, solveSeconds }): Cost[] => [
    { points, cost: (1e6 * (cpuSeconds.program + cpuSeconds.server)) / points, of: 'everything' },
    { points, cost: (1e6 * solveSeconds) / points, of: 'solving' },
  ]);
  const place = { x: 'points', y: 'cost', stroke: 'of' } as const;
  const title = 'CPU time of a point against the points of a study';
  const drawing = draw(title, {
    height: 300,
    marginLeft: 60,
    marginRight: 92,
    marginBottom: 44,
    style: { fontSize: '13px', fontFamily: 'system-ui, sans-serif', background: 'white' },
    x: {
      type: 'log',
      label: 'points of the study',
      tickFormat: (points: number) => points.toExponential(0).replace('e+', 'e'),
    },
    y: { type: 'log', label: 'CPU µs a point', grid: true, tickFormat: String },
    color: { domain: Object.keys(COLORS), range: Object.values(COLORS) },
    marks: [
      Plot.line(costs, place),
      Plot.dot(costs, { ...place, fill: 'of' }),
      Plot.text(
        costs.filter(({ points }) => points === runs.at(-1)!.points),
        {
          x: 'points',
          y: 'cost',
          text: 'of',
          fill: 'of',
          textAnchor: 'start',
          dx: 8,
        },
      ),
    ],
  });
  return drawingFile(title, [], drawing);
}
