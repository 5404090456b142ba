import { downloadLink, toCsv, type Cell } from './download.js';
import { html, type Html } from './html.js';

/** A picture with what it needs to stand alone. */
export interface Figure {
  readonly title: string;
  /** What the reader should see in it. */
  readonly caption: string;
  readonly legend: Html | null;
  readonly svg: Html;
  /** What is drawn, to take away. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The figure with its caption and the links that save its data and its drawing. */
export function figureHtml({ title, caption, legend, svg, header, rows }: Figure): Html {
  const file =
    title
      .replace(/[^\w.=-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 80) || 'figure';
  return html`<figure>
    <h3>${title}</h3>
    ${legend ?? ''} ${svg}
    <figcaption>
      ${caption}
      <span class="downloads"
        >${downloadLink('CSV', `${file}.csv`, 'text/csv', toCsv(header, rows))} ·
        ${downloadLink('SVG', `${file}.svg`, 'image/svg+xml', svg.text)}</span
      >
    </figcaption>
  </figure>`;
}
