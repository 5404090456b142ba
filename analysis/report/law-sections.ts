import { grouped } from '../grouped.js';
import { lawTable, limitTable } from './answer-tables.js';
import { collapseFigure } from './collapse-figure.js';
import type { ReportData } from './data.js';
import { gramFigure } from './grams.js';
import { html } from './html.js';
import { verdictText } from './law-text.js';
import { limitFigures } from './limit-curves.js';
import { ratioFigure } from './ratio-figure.js';
import { residualFigure } from './residual-figure.js';
import { figures, MOST_SLICES, spread, undrawnCurves, type Section } from './section.js';

/** How the thresholds of all slices depend on N and n. */
export function lawSection({ summary, slices }: ReportData): Section | null {
  const found = summary.laws.filter(({ refusal }) => refusal === null);
  if (found.length === 0) return null;
  return {
    id: 'law',
    title: 'The law of the threshold',
    intro:
      'Over all slices, lambda at the transition is fitted by constant · N^a · n^b, with N all samples and n those of a class of the cluster that collapses (of the minority, for its mean). The allowed range is that of all power laws that pass between the certified points of every slice, found by linear programming in float64; the 95 % interval comes from the scatter of the estimates.',
    content: [
      lawTable(summary.laws),
      html`<ul>
        ${found.map((each) => html`<li>${each.transition}: ${verdictText(each)}</li>`)}
      </ul>`,
      figures([
        ...found.flatMap((each) => [
          () => collapseFigure(each, slices),
          () => residualFigure(each),
        ]),
        () => ratioFigure(summary.ratioLaws),
      ]) ?? '',
    ],
  };
}

/** What cosines and distances tend to as samples grow. */
export function limitSection({ limits }: ReportData): Section | null {
  if (limits.length === 0) return null;
  const slices = grouped(limits, ({ limit }) => `${limit.grid}\n${limit.slice}`);
  const shown = spread([...slices.values()], MOST_SLICES);
  const left = slices.size - shown.length;
  return {
    id: 'limits',
    title: 'As samples grow',
    intro:
      'Distance of each quantity from its value at the simplex ETF (dashed line at zero), the law that fits best, and at ∞ its limit. A law is an extrapolation: one end of an interval is the last value seen, the other lies three times the fitted way beyond it.',
    content: [
      figures(shown.flatMap(limitFigures).map((figure) => () => figure)) ?? '',
      undrawnCurves(left),
      limitTable(limits.map(({ limit }) => limit)),
    ],
  };
}

/** The geometry at the two ends of each grid. */
export function angleSection({ grams }: ReportData): Section | null {
  const content = figures(grams.map((gram) => () => gramFigure(gram)));
  if (content === null) return null;
  const intro =
    'Mean cosines at the two ends of each grid, clusters as classes × samples. Blue is above the value of a simplex ETF, orange below; the darker, the farther.';
  return { id: 'angles', title: 'Angles between clusters', intro, content };
}
