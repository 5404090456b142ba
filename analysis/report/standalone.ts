import { WIDTH, type Drawing } from './draw.js';
import { html, Html } from './html.js';
import { legendMark, type LegendEntry } from './series-style.js';

const LINE = 20;
/** A letter is about this wide, on average. */
const LETTER = 7;
const LETTERS_A_LINE = Math.floor((WIDTH - 16) / LETTER);

/**
 * The drawing of a figure as an SVG that can be taken out of the page. Above the edge of what the page shows stand its title
 * and legend, on white: whoever sets `viewBox` to `data-whole` has a drawing that says all by itself.
 */
export function drawingSvg(
  title: string,
  legend: readonly LegendEntry[],
  { label, height, content }: Drawing,
): Html {
  const titles = wrapped(title.split(' '), (word) => word.length + 1, LETTERS_A_LINE);
  const entries = wrapped(legend, ([name]) => name.length + 5, LETTERS_A_LINE);
  const top = LINE * (titles.length + entries.length) + 12;
  const lines = [
    ...titles.map(
      (words, i) => html`<text x="4" y="${i * LINE}" font-weight="600">${words.join(' ')}</text>`,
    ),
    ...entries.map((line, i) => legendLine(line, (titles.length + i) * LINE)),
  ];
  const alone = html`<g class="alone" text-anchor="start" transform="translate(0,${22 - top})"
    ><rect y="-22" width="${WIDTH}" height="${height + top}" fill="#fff" />${lines}</g
  >`;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${height}"
    data-whole="0 ${-top} ${WIDTH} ${height + top}"
    role="img"
    aria-label="${label}"
    tabindex="0"
    fill="currentColor"
    text-anchor="middle"
    font-family="system-ui, sans-serif"
    font-size="13"
  >
    ${alone}${new Html(content)}
  </svg>`;
}

/** A drawing as a file without the texts that a page shows under the pointer, which would be most of it. */
export function drawingFile(
  title: string,
  legend: readonly LegendEntry[],
  drawing: Drawing,
): string {
  const { text } = drawingSvg(title, legend, drawing);
  return `${standaloneSvg(text).replace(/<title>[^<]*<\/title>/g, '')}\n`;
}

/** A drawing that `drawingSvg` made, as a file that stands alone. */
export function standaloneSvg(svg: string): string {
  return svg.replace(/ viewBox="[^"]*"\s+data-whole="([^"]*)"/, ' viewBox="$1"');
}

function legendLine(entries: readonly LegendEntry[], y: number): Html {
  let x = 12;
  const parts = entries.map(([name, style]) => {
    const at = x;
    x += (name.length + 5) * LETTER;
    return html`<g transform="translate(${at},${y - 4})">${legendMark(style)}</g
      ><text x="${at + 10}" y="${y}">${name}</text>`;
  });
  return html`${parts}`;
}

/** Cuts a list into lines no longer than a limit; an item that is longer has a line of its own. */
function wrapped<T>(items: readonly T[], length: (item: T) => number, limit: number): T[][] {
  const lines: T[][] = [];
  let room = 0;
  for (const item of items) {
    if (lines.length === 0 || length(item) > room) {
      lines.push([]);
      room = limit;
    }
    lines.at(-1)!.push(item);
    room -= length(item);
  }
  return lines;
}
