import { formatCount } from '../format.js';
import type { ReportData } from './data.js';
import { html, type Html } from './html.js';
import { angleSection, lawSection, limitSection } from './law-sections.js';
import { leadText } from './lead.js';
import { remedySection } from './remedy-section.js';
import {
  originSection,
  qualitySection,
  troubleSection,
  variabilitySection,
} from './row-sections.js';
import { figureReader, scriptElement, scriptSource } from './script.js';
import { STYLE } from './style.js';
import { phaseSection, solverSection, thresholdSection } from './transition-sections.js';

/** Damaged files and thinned grids that are named one by one. */
const MOST_NAMED = 8;

/** The report as one HTML file that needs nothing else: no network, no font, and no script but its own, for the figures. */
export function reportPage(data: ReportData): string {
  const { summary } = data;
  const script = figureReader();
  const sections = [
    remedySection(data),
    thresholdSection(data),
    solverSection(data),
    lawSection(data),
    phaseSection(data),
    limitSection(data),
    angleSection(data),
    variabilitySection(summary),
    qualitySection(data),
    troubleSection(data),
    originSection(data),
  ].filter((section) => section !== null);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src ${scriptSource(script)}"
        />
        <title>${summary.study} – minority collapse</title>
        ${STYLE}
      </head>
      <body>
        <header>
          <h1>${summary.study}</h1>
          <p class="soft">
            Unconstrained feature model under class imbalance · study version
            <code>${summary.specHash.slice(0, 12)}</code>
          </p>
          ${summary.partial ? html`<p class="warning">Partial: ${formatCount(summary.points.missing, 'planned point')} without a row yet. What follows may still move.</p>` : ''}
          ${damageWarnings(summary.damaged)}
          <p class="lead">${leadText(summary)}</p>
          ${thinningNote(data)}
          <p class="soft hint">
            Point at a mark, tap it, or walk through a figure with the arrow keys: its row is shown.
          </p>
          <nav>${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a> `)}</nav>
        </header>
        <main>
          ${sections.map(
            ({ id, title, intro, content }) =>
              html`<section id="${id}">
                <h2>${title}</h2>
                ${intro === '' ? '' : html`<p>${intro}</p>`} ${content}
              </section> `,
          )}
        </main>
        ${scriptElement(script)}
      </body>
    </html> `.text;
}

function damageWarnings(damaged: readonly string[]): Html[] {
  const left = damaged.length - MOST_NAMED;
  return [
    ...damaged.slice(0, MOST_NAMED).map((problem) => `Left out, since damaged: ${problem}`),
    ...(left > 0 ? [`${formatCount(left, 'more damaged file')} left out.`] : []),
  ].map((text) => html`<p class="warning">${text}</p>`);
}

/** What figures leave out of a large study, and where it is. */
function thinningNote({ summary, thinned }: ReportData): Html | '' {
  if (thinned.length === 0) return '';
  const left = thinned.length - MOST_NAMED;
  const named = [
    ...thinned
      .slice(0, MOST_NAMED)
      .map(({ grid, step }) => `${grid} one in ${step.toLocaleString('en')}`),
    ...(left > 0 ? [formatCount(left, 'more grid')] : []),
  ];
  return html`<p class="thinned">
    Figures of transitions show some of the points of each slice, and those between which a
    transition lies: of ${named.join(', ')}. All points count in what was found. Every row:
    <code>ufm-sweep export ${summary.study}</code>
  </p>`;
}
