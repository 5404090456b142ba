import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Figures are drawn at this width and scaled by the page, so that letters stay readable on a phone. */
export const WIDTH = 400;

/** Options of a plot; see Observable Plot. */
export type DrawOptions = Omit<Plot.PlotOptions, 'document' | 'width' | 'height'> & {
  readonly height: number;
};

/** A plot, as the elements of an SVG as wide as `WIDTH`. */
export interface Drawing {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly height: number;
  readonly content: string;
}

// Both libraries are typed against a browser's DOM, which there is none of here: these are the parts in use.
const parse = parseHTML as unknown as (text: string) => { readonly document: unknown };
const plot = Plot.plot as unknown as (options: object) => { readonly innerHTML: string };

/** The document that Plot draws in, in place of a browser's. */
const { document } = parse('<!doctype html><html><body></body></html>');

/** Draws without script and outside font, axes in the colour of the text around. */
export function draw(label: string, options: DrawOptions): Drawing {
  const { innerHTML } = plot({ document, width: WIDTH, ...options });
  // Plot's own style is that of its width on a page, which the page decides here.
  const content = innerHTML
    .replace(/^<style>[^<]*<\/style>/, '')
    .replace(GEOMETRY, (attribute) => attribute.replace(FINE, '$1'));
  return { label, height: options.height, content };
}

/** Attributes that hold lengths, of which nobody sees more than a hundredth of a unit. */
const GEOMETRY = / (?:d|transform|[cr]?[xy]|[xy][12]|width|height)="[^"]*"/g;
const FINE = /(\.\d\d)\d+/g;
