import { formatCount, formatNumber } from '../format.js';
import type { AnalysisSummary } from '../summary.js';
import { refusalTable } from './answer-tables.js';
import type { ReportData } from './data.js';
import { histogramFigure } from './histogram.js';
import { html } from './html.js';
import { provenanceTable, troubleTable } from './row-tables.js';
import { figures, note, type Section } from './section.js';

/** How far features are from their class means, where there is one for each sample. */
export function variabilitySection({ variability: grids }: AnalysisSummary): Section | null {
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

/** How good the solutions are, and what they cost. */
export function qualitySection({ relativeGaps, seconds }: ReportData): Section | null {
  const content = figures([
    () =>
      histogramFigure(
        'Relative gaps',
        'relative duality gap',
        'How far each objective is from a proven lower bound, relative to itself. Points with no gap at all are not shown.',
        relativeGaps,
      ),
    () =>
      histogramFigure(
        'Time of a point',
        'seconds',
        'Wall-clock time of each point, its share of the batch that it was solved in.',
        seconds,
      ),
  ]);
  if (content === null) return null;
  return { id: 'quality', title: 'How good the solutions are', intro: '', content };
}

/** Points without a certificate, and questions without an answer. */
export function troubleSection({ summary, troubled }: ReportData): Section | null {
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
        ? note(
            `${formatCount(count - troubled.length, 'more point')}: ufm-sweep query ${summary.study} "SELECT * FROM results WHERE status <> 'certified'"`,
          )
        : '',
      summary.refusals.length === 0 ? '' : refusalTable(summary.refusals),
    ],
  };
}

/** What computed the rows, where they are, and the study as its author wrote it. */
export function originSection({ summary, provenance, studyText }: ReportData): Section {
  return {
    id: 'origin',
    title: 'Where it comes from',
    intro: '',
    content: [
      html`<p>
        Every row: <code>ufm-sweep export ${summary.study}</code>, or in SQL
        <code>ufm-sweep query ${summary.study} "SELECT * FROM results LIMIT 10"</code>. The answers
        of this page lie beside it in the store, as Parquet files.
      </p>`,
      provenanceTable(provenance),
      studyText === null
        ? ''
        : html`<h3 style="margin-top:1.5rem">Study file</h3>
            <pre>${studyText}</pre>`,
    ],
  };
}
