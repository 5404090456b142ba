import Table from 'cli-table3';
import { formatCount } from './format.js';

/** More rows than this help nobody in a terminal; all of them are in the files. */
export const MOST_ROWS = 40;

/** A row of a table in a terminal. */
export interface PlacedRow {
  /** The grid and slice that the row belongs to: said once, above the first of its rows. */
  readonly place: string;
  readonly cells: readonly string[];
}

/** A table of at most 80 columns whose rows stand under their places. */
export function groupedTable(
  head: string[],
  colWidths: number[],
  rows: readonly PlacedRow[],
): string {
  const table = plainTable(head, colWidths);
  let place: string | null = null;
  for (const row of rows.slice(0, MOST_ROWS)) {
    if (row.place !== place) table.push([{ colSpan: head.length, content: row.place }]);
    place = row.place;
    table.push([`  ${row.cells[0]!}`, ...row.cells.slice(1)]);
  }
  return table.toString().replace(/ +$/gm, '') + omitted(rows.length);
}

/** Says how many rows were left out; empty when none was. */
export function omitted(rows: number): string {
  return rows > MOST_ROWS ? `\n... and ${formatCount(rows - MOST_ROWS, 'more row')}` : '';
}

/** Columns apart by a blank alone: reads without colour, and pastes into a mail. */
function plainTable(head: string[], colWidths: number[]): Table.Table {
  return new Table({
    head,
    colWidths,
    wordWrap: true,
    wrapOnWordBoundary: false,
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
}

const NO_LINES: Readonly<Record<string, string>> = Object.fromEntries(
  ['top', 'bottom', 'mid']
    .flatMap((line) => [line, `${line}-mid`, `${line}-left`, `${line}-right`])
    .concat('left', 'left-mid', 'right', 'right-mid', 'middle')
    .map((name) => [name, '']),
);
