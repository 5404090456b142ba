import { standaloneSvg } from './standalone.js';

/** A drawing of a report as a file that stands alone. */
export interface DrawingFile {
  /** `01-regularizer-majorityClasses=3.svg`: its place in the report, and its title. */
  readonly file: string;
  readonly svg: string;
}

/** The drawings of a report in their order, as its own buttons would save them. */
export function drawingsOf(page: string): DrawingFile[] {
  return [...page.matchAll(FIGURES)].map(([, svg, file], i) => ({
    file: `${String(i + 1).padStart(2, '0')}-${file!}`,
    svg: standaloneSvg(svg!),
  }));
}

/** What `figureHtml` wrote: names and titles in it cannot hold a `<`. */
const FIGURES = /<figure>.*?(<svg\s+xmlns=.*?<\/svg>).*?data-file="([^"]*)".*?<\/figure>/gs;
