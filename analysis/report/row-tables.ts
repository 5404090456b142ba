import { formatNumber } from '../format.js';
import type { Provenance, TroubledPoint } from './data.js';
import { html, type Html } from './html.js';
import { table } from './table.js';

export function troubleTable(points: readonly TroubledPoint[]): Html {
  return table(
    [
      ['Grid', 'text'],
      ['Status', 'text'],
      ['Relative gap', 'number'],
      ['Coordinates', 'text'],
      ['Message', 'text'],
      ['Point', 'text'],
    ],
    points.map(({ grid, status, relativeGap, coordinates, message, key }) => [
      grid,
      status,
      formatNumber(relativeGap),
      coordinatesText(coordinates),
      message ?? '–',
      html`<code class="key">${key}</code>`,
    ]),
    'the results',
  );
}

export function provenanceTable(provenance: readonly Provenance[]): Html {
  return table(
    [
      ['What', 'text'],
      ['Value', 'text'],
      ['Rows', 'number'],
    ],
    provenance.flatMap(({ label, values }) =>
      values.map(({ value, rows }, i) => [i === 0 ? label : '', value, rows.toLocaleString('en')]),
    ),
    'the results',
  );
}

/** `lambda=0.005, seed=1`: with blanks, so that it breaks into lines. */
function coordinatesText(json: string): string {
  try {
    return Object.entries(JSON.parse(json) as Record<string, unknown>)
      .map(
        ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      )
      .join(', ');
  } catch {
    return json;
  }
}
