import { formatCount } from '../format.js';
import { html, type Fragment, type Html } from './html.js';

/** A column of a table: its heading, and whether numbers stand in it. */
export type Heading = readonly [label: string, kind: 'text' | 'number'];

/** Rows that are seen at once; the others open on demand. */
const ROWS_AT_ONCE = 24;
/** More rows than this belong into a file. */
const MOST_ROWS = 400;

/** @param elsewhere where the rows are for which a page is no place */
export function table(
  headings: readonly Heading[],
  rows: readonly (readonly Fragment[])[],
  elsewhere: string,
): Html {
  const hidden = rows.slice(ROWS_AT_ONCE, MOST_ROWS);
  const left = rows.length - Math.min(rows.length, MOST_ROWS);
  const rest = html`<details>
    <summary>${formatCount(hidden.length, 'more row')}</summary>
    ${plainTable(headings, hidden)}
  </details>`;
  return html`${plainTable(headings, rows.slice(0, ROWS_AT_ONCE))}${hidden.length > 0 ? rest : ''}${
    left > 0 ? html`<p class="soft">${formatCount(left, 'more row')} in ${elsewhere}.</p>` : ''
  }`;
}

/** On a phone each row becomes a list of its cells, so every cell carries its heading. */
function plainTable(headings: readonly Heading[], rows: readonly (readonly Fragment[])[]): Html {
  const head = headings.map(([label, kind]) => html`<th class="${kind}">${label}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell, i) => html`<td class="${headings[i]![1]}" data-label="${headings[i]![0]}"><div>${cell}</div></td>`)}
      </tr>`,
  );
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
