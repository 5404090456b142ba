import { formatCount, formatEnds, formatNumber, formatWithin } from '../format.js';
import type { LimitSeries } from '../large-samples.js';
import type { AnalysisSummary } from '../summary.js';
import { curvesFigure } from './curves.js';
import type { ReportData } from './data.js';
import type { TransitionSlice } from '../thresholds.js';
import { figureHtml, type Figure } from './figure.js';
import { gramFigure } from './grams.js';
import { histogramFigure } from './histogram.js';
import { html, type Fragment, type Html } from './html.js';
import { collapseFigure, residualFigure, verdictText } from './law-figures.js';
import { limitFigures } from './limit-curves.js';
import { phaseFigures } from './phases.js';
import { ratioFigure } from './ratio-figure.js';
import { figureReader, scriptElement, scriptSource } from './script.js';
import { STYLE } from './style.js';
import {
  lawTable,
  limitTable,
  provenanceTable,
  refusalTable,
  thresholdTable,
  troubleTable,
} from './tables.js';

/** Slices of a grid whose curves are drawn; the table has all. */
const MOST_SLICES = 4;

interface Section {
  readonly id: string;
  readonly title: string;
  readonly intro: string;
  readonly content: Fragment;
}

/** The report as one HTML file that needs nothing else: no network, no font, and no script but its own, for the figures. */
export function reportPage(data: ReportData): string {
  const { summary } = data;
  const script = figureReader();
  const sections = [
    thresholds(data),
    law(data),
    phases(data),
    largeSamples(data),
    angles(data),
    variability(summary),
    quality(data),
    trouble(data),
    origin(data),
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
          ${summary.damaged.map((problem) => html`<p class="warning">Left out, since damaged: ${problem}</p>`)}
          <p class="lead">${findings(summary)}</p>
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

/** What was found, in one paragraph of numbers. */
function findings({ thresholds: all, limits, points, refusals }: AnalysisSummary): string {
  const sentences = [
    `${formatCount(points.certified, 'point')} of ${points.planned.toLocaleString('en')} solved with a certificate.`,
  ];
  const minority = all.filter(
    ({ transition, refusal }) => transition === 'minority-collapse' && refusal === null,
  );
  const first = minority[0];
  if (first !== undefined) {
    const width = first.interval![1] - first.interval![0];
    sentences.push(
      minority.length === 1
        ? `The minority collapses at ${first.along} ${formatWithin(first.estimate, width)} (certified between ${formatEnds(first.lower, first.upper)}).`
        : `The minority collapse was located in ${formatCount(minority.length, 'slice')}.`,
    );
    const deviations = minority.flatMap(({ difference, theory }) =>
      difference === null || theory === null ? [] : [Math.abs(difference / theory)],
    );
    if (deviations.length > 0) {
      sentences.push(
        `Estimates lie within ${Number((100 * Math.max(...deviations)).toPrecision(2))} % of theory.`,
      );
    }
  }
  const answered = limits.filter(({ refusal }) => refusal === null);
  if (answered.length > 0) {
    const excluded = answered.filter(({ consistentWithEtf }) => consistentWithEtf === false).length;
    sentences.push(
      `As samples grow, ${answered.length - excluded} of ${answered.length} quantities may tend to the simplex ETF; for ${excluded} the data exclude it.`,
    );
  }
  if (refusals.length > 0)
    sentences.push(`${formatCount(refusals.length, 'question')} could not be answered.`);
  return sentences.join(' ');
}

function thresholds({ summary, slices }: ReportData): Section | null {
  if (summary.thresholds.length === 0) return null;
  const located = slices.filter(({ thresholds: each }) =>
    each.some(({ refusal }) => refusal === null),
  );
  const shown = firstOfEachGrid(located);
  const left = located.length - shown.length;
  return {
    id: 'thresholds',
    title: 'Where collapse begins',
    intro:
      'A transition lies between the last point certified on one side and the first certified on the other. The estimate extrapolates the vanishing singular value to zero, with a nominal 95 % interval whose width was calibrated on known cases; theory stands beside and is not an input. mean-1, mean-2, … are the singular values of the block between clusters, the largest first; only the last of them to vanish, mean-1, has a certificate.',
    content: [
      thresholdTable(summary.thresholds),
      figures(shown.map(curvesFigure)),
      left > 0
        ? html`<p class="soft">Curves of ${formatCount(left, 'more slice')} are not drawn.</p>`
        : '',
    ],
  };
}

function law({ summary, slices }: ReportData): Section | null {
  const { laws, ratioLaws } = summary;
  if (laws.every(({ refusal }) => refusal !== null)) return null;
  const drawn = laws.flatMap((each) => [collapseFigure(each, slices), residualFigure(each)]);
  const verdicts = laws
    .filter(({ refusal }) => refusal === null)
    .map((each) => html`<li>${each.transition}: ${verdictText(each)}</li>`);
  return {
    id: 'law',
    title: 'The law of the threshold',
    intro:
      'Over all slices, lambda at the transition is fitted by constant · N^a · n^b, with N all samples and n those of a class of the cluster that collapses (of the minority, for its mean). The certified range holds for every power law that passes between the certified points of all slices; the 95 % interval comes from the scatter of the estimates.',
    content: [
      lawTable(laws),
      html`<ul>
        ${verdicts}
      </ul>`,
      figures([...drawn, ratioFigure(ratioLaws)].filter((figure) => figure !== null)),
    ],
  };
}

function phases({ slices }: ReportData): Section | null {
  const maps = [...byGrid(slices).values()].flatMap(phaseFigures);
  if (maps.length === 0) return null;
  return { id: 'phases', title: 'Phases', intro: '', content: figures(maps) };
}

function largeSamples({ limits }: ReportData): Section | null {
  if (limits.length === 0) return null;
  const slices = new Map<string, LimitSeries[]>();
  for (const series of limits) {
    const place = `${series.limit.grid}\n${series.limit.slice}`;
    slices.set(place, [...(slices.get(place) ?? []), series]);
  }
  return {
    id: 'limits',
    title: 'As samples grow',
    intro:
      'Distance of each quantity from its value at the simplex ETF (dashed line at zero), the law that fits best, and at ∞ its limit. A law is an extrapolation: one end of an interval is the last value seen, the other lies three times the fitted way beyond it.',
    content: [
      figures([...slices.values()].slice(0, MOST_SLICES).flatMap(limitFigures)),
      limitTable(limits.map(({ limit }) => limit)),
    ],
  };
}

function angles({ grams }: ReportData): Section | null {
  const drawn = grams.map(gramFigure).filter((figure) => figure !== null);
  if (drawn.length === 0) return null;
  const intro =
    'Mean cosines at the two ends of each grid, clusters as classes × samples. Blue is above the value of a simplex ETF, orange below; the darker, the farther.';
  return { id: 'angles', title: 'Angles between clusters', intro, content: figures(drawn) };
}

function variability({ variability: grids }: AnalysisSummary): Section | null {
  if (grids.length === 0) return null;
  const lines = grids.map(
    ({ grid, points, median, largest, medianPinv, largestPinv }) =>
      html`<li>
        ${grid}: ${formatCount(points, 'point')}, tr(S_W)/tr(S_B) median ${formatNumber(median)},
        largest ${formatNumber(largest)}; tr(S_W pinv(S_B))/K median ${formatNumber(medianPinv)},
        largest ${formatNumber(largestPinv)}
      </li>`,
  );
  return {
    id: 'variability',
    title: 'Variability within classes',
    intro:
      'Points solved with one feature per sample: how far features are from their class means, as the solver left them. At the minimum they coincide. Beyond a collapse S_B loses rank, so that the second measure divides noise by noise.',
    content: html`<ul>
      ${lines}
    </ul>`,
  };
}

function quality({ relativeGaps, seconds }: ReportData): Section {
  const gap = histogramFigure(
    'Relative gaps',
    'relative duality gap',
    'How far each objective is from a proven lower bound, relative to itself. Points with no gap at all are not shown.',
    relativeGaps,
  );
  const time = histogramFigure(
    'Time of a point',
    'seconds',
    'Wall-clock time of each point, its share of the batch that it was solved in.',
    seconds,
  );
  return {
    id: 'quality',
    title: 'How good the solutions are',
    intro: '',
    content: figures([gap, time].filter((figure) => figure !== null)),
  };
}

function trouble({ summary, troubled }: ReportData): Section | null {
  const { failed, diverged, uncertified } = summary.points;
  const count = failed + diverged + uncertified;
  if (count === 0 && summary.refusals.length === 0) return null;
  return {
    id: 'trouble',
    title: 'What has no answer',
    intro: `${formatCount(failed, 'point')} failed, ${diverged} diverged, ${uncertified} kept a gap above the tolerance.`,
    content: [
      troubled.length === 0 ? '' : troubleTable(troubled),
      count > troubled.length
        ? html`<p class="soft">
            ${formatCount(count - troubled.length, 'more point')} are in the results.
          </p>`
        : '',
      summary.refusals.length === 0 ? '' : refusalTable(summary.refusals),
    ],
  };
}

function origin({ provenance, studyText }: ReportData): Section {
  return {
    id: 'origin',
    title: 'Where it comes from',
    intro: '',
    content: [
      provenanceTable(provenance),
      studyText === null
        ? ''
        : html`<h3 style="margin-top:1.5rem">Study file</h3>
            <pre>${studyText}</pre>`,
    ],
  };
}

function figures(list: readonly Figure[]): Html {
  return html`<div class="figures">${list.map(figureHtml)}</div>`;
}

function firstOfEachGrid(slices: readonly TransitionSlice[]): TransitionSlice[] {
  return [...byGrid(slices).values()].flatMap((members) => members.slice(0, MOST_SLICES));
}

function byGrid(slices: readonly TransitionSlice[]): Map<string, TransitionSlice[]> {
  const grids = new Map<string, TransitionSlice[]>();
  for (const slice of slices) grids.set(slice.grid, [...(grids.get(slice.grid) ?? []), slice]);
  return grids;
}
