import { html, type Html } from './html.js';

/** What a field of a table can hold; nothing is an empty field. */
export type Cell = string | number | boolean | null | undefined;

/** A table as RFC 4180 has it, every field that needs quotes in quotes. */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n';
}

/** A link that saves a text that the page itself holds. */
export function downloadLink(label: string, file: string, type: string, text: string): Html {
  // Commas, brackets and colons may stand in the data of such an address as they are; a fragment must not begin.
  const data = encodeURI(text).replaceAll('#', '%23');
  return html`<a download="${file}" href="data:${type};charset=utf-8,${data}">${label}</a>`;
}

function field(value: Cell): string {
  if (value === null || value === undefined) return '';
  // A spreadsheet would run a text that starts like a formula; a number may start with a minus.
  const runs = typeof value === 'string' && /^[=+\-@\t\r]/.test(value);
  const text = runs ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
