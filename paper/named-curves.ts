import * as Plot from '@observablehq/plot';
import { draw } from '../analysis/report/draw.js';
import type { Figure } from '../analysis/report/figure.js';
import type { Database } from '../results/database.js';
import { HOLLOW, styleAt, type SeriesStyle } from '../analysis/report/series-style.js';

/** One curve of a figure. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Whether the points are joined by a line. */
  readonly joined: boolean;
}

/** What a figure of curves says beside its curves. */
export interface CurvesText {
  readonly title: string;
  readonly caption: string;
  readonly x: string;
  readonly y: string;
  /** The axes that are logarithmic. */
  readonly logarithmic: readonly ('x' | 'y')[];
  /** A value to draw a dashed line at. */
  readonly reference: number | null;
}

/** Curves with the marks and colours of the report. */
export function namedCurvesFigure(text: CurvesText, curves: readonly Curve[]): Figure {
  const scaleOf = (axis: 'x' | 'y'): Plot.ScaleOptions =>
    text.logarithmic.includes(axis)
      ? { type: 'log', ticks: 6, tickFormat: powerOfTen }
      : { ticks: 6 };
  const styles = curves.map((_, i) => styleAt(i));
  const drawing = draw(text.title, {
    height: 300,
    marginLeft: 58,
    marginBottom: 42,
    marginTop: 26,
    marginRight: 16,
    x: { label: text.x, inset: 8, ...scaleOf('x') },
    y: { label: text.y, inset: 6, grid: true, ...scaleOf('y') },
    marks: [
      text.reference === null ? null : Plot.ruleY([text.reference], { strokeDasharray: '3 3' }),
      curves.map(({ points, joined }, i) => marksOf(points, joined, styles[i]!)),
    ],
  });
  return {
    title: text.title,
    caption: text.caption,
    legend: curves.map(({ name }, i) => [name, styles[i]!]),
    drawing,
    header: ['curve', text.x, text.y],
    rows: curves.flatMap(({ name, points }) => points.map(({ x, y }) => [name, x, y])),
  };
}

function marksOf(points: Curve['points'], joined: boolean, style: SeriesStyle): Plot.Markish[] {
  const place = { x: 'x', y: 'y', stroke: style.color } as const;
  return [
    joined ? Plot.lineY(points, { ...place, strokeDasharray: style.dash, strokeWidth: 1.2 }) : null,
    Plot.dot(points, { ...place, symbol: style.symbol, fill: HOLLOW, r: 3 }),
  ];
}

/** `1000` as `1000`, `1e6` as `10⁶`; nothing at twos and fives, which would crowd the axis. */
function powerOfTen(value: number): string {
  const power = Math.log10(value);
  if (Math.abs(power - Math.round(power)) > 1e-9) return '';
  if (power >= -3 && power <= 4) return String(Number(value.toPrecision(1)));
  const raised = String(Math.round(power))
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
  return `10${raised}`;
}

/** The curves of a query that gives `name`, `x` and `y`. */
export async function curvesFrom(
  database: Database,
  sql: string,
  joined: boolean,
): Promise<Curve[]> {
  const rows = await database.query<{ name: string; x: number; y: number }>(
    `SELECT * FROM (${sql}) ORDER BY length(name), name, x`,
  );
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.map((name) => ({ name, joined, points: rows.filter((row) => row.name === name) }));
}
