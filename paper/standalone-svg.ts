import { parseHTML } from 'linkedom';
import { WIDTH } from '../analysis/report/draw.js';
import type { Figure } from '../analysis/report/figure.js';
import { escapeText } from '../analysis/report/html.js';

/** Pixels around everything, between lines of the legend, and of a letter of it on average. */
const MARGIN = 8;
const LINE = 20;
const LETTER = 6.6;

/**
 * A figure of the report as an SVG file that needs no page around it: on white, with its title and legend inside, and
 * without the texts that a page shows under the pointer.
 */
export function standaloneSvg({ title, legend, svg }: Figure): string {
  const height = heightOf(svg.text);
  const entries = legend === null ? [] : legendEntries(legend.text);
  const lines = placed(entries);
  const top = MARGIN + LINE + LINE * lines.length;
  const whole = top + height + MARGIN;
  const marks = lines.flatMap((line, i) =>
    line.map(({ x, mark, label }) => {
      const y = MARGIN + LINE * (i + 1) + LINE / 2;
      return `<g transform="translate(${x + 7},${y})">${mark}</g><text x="${x + 20}" y="${y + 4}" font-size="12">${escapeText(label)}</text>`;
    }),
  );
  const plot = svg.text
    .replace(/<title>[^<]*<\/title>/g, '')
    .replace(/ (?:d|transform|[xyr][12]?|c[xy]|width|height)="[^"]*"/g, withoutLongNumbers)
    .replace('<svg ', `<svg y="${top}" width="${WIDTH}" height="${height}" `);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${whole}" width="${WIDTH}" height="${whole}" color="#1b1d20" fill="#1b1d20" font-family="system-ui, sans-serif">`,
    `<rect width="${WIDTH}" height="${whole}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 14}" font-size="14" font-weight="600">${escapeText(title)}</text>`,
    ...marks,
    plot,
    '</svg>\n',
  ].join('\n');
}

/** Nobody sees a hundredth of a pixel. */
function withoutLongNumbers(attribute: string): string {
  return attribute.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
}

interface Entry {
  readonly mark: string;
  readonly label: string;
}

function heightOf(svg: string): number {
  const [, height] = /viewBox="0 0 \d+ (\d+)"/.exec(svg) ?? [];
  if (height === undefined) throw new Error('a figure says its size in its viewBox');
  return Number(height);
}

// The library is typed against a browser's DOM, which there is none of here: this is the part in use.
interface Element {
  readonly outerHTML: string;
  readonly textContent: string;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}
const parse = parseHTML as unknown as (text: string) => { readonly document: Element };

function legendEntries(legend: string): Entry[] {
  const { document } = parse(`<!doctype html><html><body>${legend}</body></html>`);
  return [...document.querySelectorAll('li')].map((item) => ({
    mark: item.querySelector('path')!.outerHTML.replace(/><\/path>$/, '/>'),
    label: item.textContent.trim(),
  }));
}

/** Entries side by side, on as many lines as they need. */
function placed(entries: readonly Entry[]): (Entry & { readonly x: number })[][] {
  const lines: (Entry & { readonly x: number })[][] = [];
  let x = WIDTH;
  for (const entry of entries) {
    const width = 30 + LETTER * entry.label.length;
    if (x + width > WIDTH) {
      lines.push([]);
      x = MARGIN;
    }
    lines.at(-1)!.push({ ...entry, x });
    x += width;
  }
  return lines;
}
