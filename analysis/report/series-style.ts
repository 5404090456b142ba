import { html, Html } from './html.js';

/** How a series looks: a colour that the colour-blind tell apart (Okabe & Ito, 2008), and a shape for black and white. */
export interface SeriesStyle {
  readonly color: string;
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'times';
  /** Pattern of the line; empty for a solid one. */
  readonly dash: string;
}

export const BLUE: SeriesStyle = { color: '#0072b2', symbol: 'circle', dash: '' };
export const VERMILLION: SeriesStyle = { color: '#d55e00', symbol: 'square', dash: '7 3' };
export const GREEN: SeriesStyle = { color: '#009e73', symbol: 'triangle', dash: '2 3' };
export const PURPLE: SeriesStyle = { color: '#cc79a7', symbol: 'diamond', dash: '8 3 2 3' };
export const GREY: SeriesStyle = { color: '#888888', symbol: 'times', dash: '1 4' };

/** Styles in the order in which series take them. */
export const STYLES: readonly SeriesStyle[] = [BLUE, VERMILLION, GREEN, PURPLE];

const SHAPES: Readonly<Record<SeriesStyle['symbol'], string>> = {
  circle: 'M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0',
  square: 'M-4.5,-4.5h9v9h-9Z',
  triangle: 'M0,-5.5L5,4H-5Z',
  diamond: 'M0,-6L5,0L0,6L-5,0Z',
  times: 'M-4,-4L4,4M-4,4L4,-4',
};

/** The names of series with their marks, as a line above a figure. */
export function legend(entries: readonly (readonly [label: string, style: SeriesStyle])[]): Html {
  const items = entries.map(
    ([label, { color, symbol }]) =>
      html`<li>
        <svg viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true">
          <path
            d="${SHAPES[symbol]}"
            fill="${symbol === 'times' ? 'none' : color}"
            stroke="${color}"
            stroke-width="1.5"
          /></svg
        >${label}
      </li>`,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}

/** A style for each of several names, by position. */
export function styleAt(index: number): SeriesStyle {
  return STYLES[index % STYLES.length]!;
}
