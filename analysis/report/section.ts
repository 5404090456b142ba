import { formatCount } from '../format.js';
import { grouped } from '../grouped.js';
import { figureHtml, type Figure } from './figure.js';
import { html, type Fragment, type Html } from './html.js';

/** A part of the report, under a heading that the contents link to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly intro: string;
  readonly content: Fragment;
}

/** Draws a figure when there is room for it; null where it turns out to be empty. */
export type Drawer = () => Figure | null;

/** Bytes after which a section has no more figures, so that the page stays one that a phone opens. */
const FULL = 1_000_000;

/** Draws figures until the section is full, and says how many are left; null when all are empty. */
export function figures(drawers: readonly Drawer[]): Html | null {
  const drawn: Html[] = [];
  let [bytes, asked] = [0, 0];
  while (asked < drawers.length && bytes < FULL) {
    const figure = drawers[asked++]!();
    if (figure === null) continue;
    drawn.push(figureHtml(figure));
    bytes += drawn.at(-1)!.text.length;
  }
  if (drawn.length === 0) return null;
  const left = drawers.length - asked;
  return html`<div class="figures">${drawn}</div>
    ${left === 0 ? '' : note(`${formatCount(left, 'more figure')} would make this page too large.`)}`;
}

/** A remark on what is not shown. */
export function note(text: string): Html {
  return html`<p class="soft">${text}</p>`;
}

/** Slices whose curves are drawn; a table has all. */
export const MOST_SLICES = 4;

/** The remark on slices beyond those; nothing where there are none. */
export function undrawnCurves(count: number): Html | '' {
  return count > 0 ? note(`Curves of ${formatCount(count, 'more slice')} are not drawn.`) : '';
}

/** Groups things by the grid that they are from, in the order of the grids. */
export function byGrid<T extends { readonly grid: string }>(all: readonly T[]): T[][] {
  return [...grouped(all, ({ grid }) => grid).values()];
}

/** So many of a list, evenly, the first and the last among them; all of a shorter one. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from(
    { length: count },
    (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))]!,
  );
}
