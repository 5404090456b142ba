import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeText, Html } from './html.js';

/** Figures are drawn at this width and scaled by the page, so that letters stay readable on a phone. */
export const WIDTH = 480;

/** Options of a plot; see Observable Plot. */
export type DrawOptions = Omit<Plot.PlotOptions, 'document' | 'width'>;

// Both libraries are typed against a browser's DOM, which there is none of here: these are the parts in use.
const parse = parseHTML as unknown as (text: string) => { readonly document: unknown };
const plot = Plot.plot as unknown as (options: object) => { readonly outerHTML: string };

/** The document that Plot draws in, in place of a browser's. */
const { document } = parse('<!doctype html><html><body></body></html>');

/**
 * An SVG that stands alone: no script, no outside font, axes in the colour of the text around it.
 *
 * @param label What the figure shows, for those who cannot see it.
 */
export function draw(label: string, options: DrawOptions): Html {
  const svg = plot({
    document,
    width: WIDTH,
    style: { fontSize: '13px', fontFamily: 'system-ui, sans-serif', background: 'none' },
    ...options,
  }).outerHTML;
  // The label is written here since the document leaves `<` in attributes, which no SVG file may hold.
  return new Html(
    svg
      .replace(
        '<svg ',
        `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeText(label)}" `,
      )
      .replace(/ height="[\d.]+" width="[\d.]+"/, ''),
  );
}
