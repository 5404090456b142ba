import { html, type Html } from './html.js';

/** How a series looks: a colour that the colour-blind tell apart (Okabe & Ito, 2008), and a shape for black and white. */
export interface SeriesStyle {
  readonly color: string;
  readonly symbol: keyof typeof SHAPES;
  /** Pattern of the line; empty for a solid one. */
  readonly dash: string;
  /** Whether its marks are outlines. */
  readonly hollow?: boolean;
}

/** The marks of a legend, about ten units across, as Plot draws them in a figure. */
const SHAPES = {
  circle: 'M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0',
  square: 'M-4.5,-4.5h9v9h-9Z',
  triangle: 'M0,-5.5L5,4H-5Z',
  diamond: 'M0,-6L5,0L0,6L-5,0Z',
  times: 'M-4,-4L4,4M-4,4L4,-4',
  cross: 'M-5.5,-2H-2V-5.5H2V-2H5.5V2H2V5.5H-2V2H-5.5Z',
  star: 'M0,-6L1.4,-1.9H5.7L2.2,.7L3.5,4.9L0,2.3L-3.5,4.9L-2.2,.7L-5.7,-1.9H-1.4Z',
  hexagon: 'M0,-5.4L4.7,-2.7V2.7L0,5.4L-4.7,2.7V-2.7Z',
  wye: 'M-1.8,1L-5.4,-1L-3.6,-4.2L0,-2.1L3.6,-4.2L5.4,-1L1.8,1V5.2H-1.8Z',
  asterisk: 'M0,-5.5V5.5M-4.8,-2.7L4.8,2.7M-4.8,2.7L4.8,-2.7',
} as const;

/** Shapes that are lines and have no inside. */
const LINES: ReadonlySet<string> = new Set(['times', 'asterisk']);

export const BLUE: SeriesStyle = { color: '#0072b2', symbol: 'circle', dash: '' };
export const VERMILLION: SeriesStyle = { color: '#d55e00', symbol: 'square', dash: '7 3' };
export const GREEN: SeriesStyle = { color: '#009e73', symbol: 'triangle', dash: '2 3' };
export const PURPLE: SeriesStyle = { color: '#cc79a7', symbol: 'diamond', dash: '8 3 2 3' };
export const SKY: SeriesStyle = { color: '#56b4e9', symbol: 'cross', dash: '6 2' };
/** Of what has no colour of its own; a cross, which is seen on every shade. */
export const INK: SeriesStyle = { color: 'currentColor', symbol: 'times', dash: '' };

/** Styles in the order in which series take them. */
const STYLES: readonly SeriesStyle[] = [BLUE, VERMILLION, GREEN, PURPLE];
/** Shapes of the series after those. */
const MORE_SYMBOLS = ['cross', 'star', 'hexagon', 'wye', 'asterisk'] as const;

/** Fill of a mark that nothing beneath shall show through; the page makes it the colour of its paper. */
export const HOLLOW = '#fff';

/** What a legend explains: a series, or a shade from nothing to full. */
export type LegendEntry = readonly [label: string, style: SeriesStyle | 'shade'];

/** The mark of a legend entry, around the origin. */
export function legendMark(style: SeriesStyle | 'shade'): Html {
  if (style === 'shade') {
    return html`${[0, 1, 2, 3].map(
        (step) =>
          html`<rect
            x="${step * 3 - 6}"
            y="-5"
            width="3"
            height="10"
            fill="currentColor"
            fill-opacity="${(DARKEST_SHADE * step) / 3}"
          />`,
      )}<rect
        x="-6"
        y="-5"
        width="12"
        height="10"
        fill="none"
        stroke="currentColor"
        stroke-opacity="0.5"
      />`;
  }
  const { color, symbol, hollow = false } = style;
  return html`<path
    d="${SHAPES[symbol]}"
    fill="${hollow || LINES.has(symbol) ? 'none' : color}"
    stroke="${color}"
    stroke-width="1.5"
  />`;
}

/** Opacity of the darkest shade of a map, which marks have to stand out from. */
export const DARKEST_SHADE = 0.5;

/** A style for each of several names, by position. Colours come again after four; shapes do so after nine. */
export function styleAt(index: number): SeriesStyle {
  const style = STYLES[index % STYLES.length]!;
  const place = index % (STYLES.length + MORE_SYMBOLS.length);
  const symbol =
    place < STYLES.length ? STYLES[place]!.symbol : MORE_SYMBOLS[place - STYLES.length]!;
  return { ...style, symbol };
}
