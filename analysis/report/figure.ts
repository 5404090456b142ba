import { downloadLink, toCsv, type Cell } from './download.js';
import type { Drawing } from './draw.js';
import { html, type Html } from './html.js';
import { legendMark, type LegendEntry } from './series-style.js';
import { drawingSvg } from './standalone.js';

/** A picture with what it needs to stand alone. */
export interface Figure {
  readonly title: string;
  /** What the reader should see in it. */
  readonly caption: string;
  readonly legend: readonly LegendEntry[];
  readonly drawing: Drawing;
  /** What is drawn, to take away. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The figure with its caption, a link that saves its data, and a button with which the page's script saves its drawing. */
export function figureHtml({ title, caption, legend, drawing, header, rows }: Figure): Html {
  const file =
    title
      .replace(/[^\w.=-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 80) || 'figure';
  return html`<figure>
    <h3>${title}</h3>
    ${legend.length === 0 ? '' : legendHtml(legend)} ${drawingSvg(title, legend, drawing)}
    <figcaption>
      ${caption}
      <span class="downloads"
        >${downloadLink('CSV', `${file}.csv`, 'text/csv', toCsv(header, rows))}
        <button type="button" data-file="${file}.svg">SVG</button></span
      >
    </figcaption>
  </figure>`;
}

function legendHtml(entries: readonly LegendEntry[]): Html {
  const items = entries.map(
    ([label, style]) =>
      html`<li>
        <svg viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true">
          ${legendMark(style)}</svg
        >${label}
      </li>`,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}
