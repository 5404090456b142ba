import {
  formatCount,
  formatEnds,
  formatInterval,
  formatNumber,
  formatPlace,
  formatWithin,
} from '../format.js';
import type { Limit } from '../large-samples.js';
import type { PlaceOfSolver, SolverComparison } from '../solver-comparison.js';
import type { RefusedAnswer } from '../summary.js';
import { TERM_NAMES } from '../law-coefficients.js';
import type { ThresholdLaw } from '../threshold-law.js';
import type { Threshold } from '../thresholds.js';
import { html, type Fragment, type Html } from './html.js';
import type { ObjectiveComparison } from './objectives.js';
import { table } from './table.js';

export function thresholdTable(thresholds: readonly Threshold[]): Html {
  const found = thresholds.filter(({ refusal }) => refusal === null);
  return table(
    [
      ['Grid: slice', 'text'],
      ['Transition', 'text'],
      ['Certified between', 'number'],
      ['Estimate', 'number'],
      ['95 % interval', 'number'],
      ['Theory', 'number'],
      ['Difference', 'number'],
    ],
    found.map((each) => {
      const width = each.interval![1] - each.interval![0];
      const unknown = each.theory === null || each.difference === null;
      return [
        formatPlace(each.grid, each.slice),
        html`${each.transition}<br /><span class="soft">along ${each.along}</span>`,
        html`${formatEnds(each.lower, each.upper)}${undecidedText(each.undecided, 'inside')}`,
        formatWithin(each.estimate, width),
        formatInterval(each.interval),
        formatWithin(each.theory, width),
        unknown ? '–' : percent(each.difference / each.theory),
      ];
    }),
    'thresholds.parquet of the analysis',
  );
}

/** The transitions of slices that both solvers have solved. */
export function comparisonTable(comparisons: readonly SolverComparison[]): Html {
  return table(
    [
      ['Grid: slice', 'text'],
      ['Transition', 'text'],
      ['Starts', 'number'],
      ['Exact', 'number'],
      ['Gradient descent', 'number'],
      ['Difference', 'number'],
      ['Certificates', 'text'],
    ],
    comparisons.map((each) => [
      formatPlace(each.grid, each.slice),
      html`${each.transition}<br /><span class="soft">along ${each.along}</span>`,
      String(each.seeds),
      placeText(each.exact),
      placeText(each.empirical),
      formatNumber(each.difference),
      each.agree === null ? '–' : each.agree ? 'meet' : html`<strong>exclude each other</strong>`,
    ]),
    'comparisons.parquet of the analysis',
  );
}

/** A slice with its objectives by both solvers. */
export interface ComparedSlice extends ObjectiveComparison {
  readonly grid: string;
  readonly slice: string;
  readonly seeds: number;
}

/** How much larger the objectives of gradient descent are, slice by slice. */
export function objectiveTable(slices: readonly ComparedSlice[]): Html {
  return table(
    [
      ['Grid: slice', 'text'],
      ['Starts', 'number'],
      ['Points compared', 'number'],
      ['Median difference of the objective', 'number'],
      ['Largest excess', 'number'],
      ['Where', 'number'],
    ],
    slices.map(({ grid, slice, seeds, pairs, median, worst }) => [
      formatPlace(grid, slice),
      String(seeds),
      pairs.length.toLocaleString('en'),
      formatNumber(median),
      formatNumber(worst?.excess ?? null),
      worst === null ? '–' : `${formatNumber(worst.exact.x)}, seed ${worst.seed}`,
    ]),
    'the rows of the study',
  );
}

export function lawTable(laws: readonly ThresholdLaw[]): Html {
  return table(
    [
      ['Transition', 'text'],
      ['Slices', 'number'],
      ['Coefficient', 'text'],
      ['Estimate', 'number'],
      ['95 % interval', 'number'],
      ['Allowed between', 'number'],
      ['Theory', 'number'],
    ],
    laws.flatMap(({ transition, places, coefficients, refusal }) =>
      refusal === null
        ? coefficients.map((each) => [
            transition,
            String(places.length),
            TERM_NAMES[each.of],
            each.interval === null
              ? html`<span class="why">${each.refusal ?? '–'}</span>`
              : formatWithin(each.estimate, each.interval[1] - each.interval[0]),
            formatInterval(each.interval),
            formatEnds(each.lower, each.upper),
            formatNumber(each.theory),
          ])
        : [],
    ),
    'laws.parquet of the analysis',
  );
}

export function limitTable(limits: readonly Limit[]): Html {
  return table(
    [
      ['Grid: slice', 'text'],
      ['Quantity', 'text'],
      ['Law', 'text'],
      ['Limit', 'number'],
      ['Interval', 'number'],
      ['Theory', 'number'],
      ['ETF', 'number'],
      ['Tends to the ETF', 'text'],
    ],
    limits
      .filter(({ refusal }) => refusal === null)
      .map((each) => {
        const width = each.interval![1] - each.interval![0];
        return [
          html`${formatPlace(each.grid, each.slice)}<br /><span class="soft"
              >${phaseText(each)}</span
            >${undecidedText(each.undecided, 'left out')}`,
          each.quantity,
          html`${lawText(each.law!, each.exponent)}${alternativesText(each)}`,
          formatWithin(each.limit, width),
          formatInterval(each.interval),
          formatWithin(each.theory, width),
          formatWithin(each.etf, width),
          each.consistentWithEtf === true ? 'possible' : 'no',
        ];
      }),
    'limits.parquet of the analysis',
  );
}

export function refusalTable(refusals: readonly RefusedAnswer[]): Html {
  return table(
    [
      ['Grid: slice', 'text'],
      ['Of', 'text'],
      ['Why', 'text'],
    ],
    refusals.map(({ grid, slice, subject, refusal }) => [
      formatPlace(grid, slice),
      subject,
      refusal,
    ]),
    'summary.json of the analysis',
  );
}

function lawText(law: string, exponent: number | null): string {
  return exponent === null ? law : `${law} n^-${formatNumber(exponent)}`;
}

function percent(share: number): string {
  const value = 100 * share;
  if (Math.abs(value) < 1e-4) return '<\u00a00.0001\u00a0%';
  return `${value > 0 ? '+' : '−'}${Number(Math.abs(value).toPrecision(2))}\u00a0%`;
}

/** The estimate over the interval that holds it. */
function placeText({
  lower,
  upper,
  estimate,
  interval,
  undecided,
  refusal,
}: PlaceOfSolver): Fragment {
  if (interval === null) return html`<span class="why">${refusal ?? '–'}</span>`;
  const where = lower === null ? formatInterval(interval) : formatEnds(lower, upper);
  return html`${formatWithin(estimate, interval[1] - interval[0])}<br /><span class="soft"
      >${where}</span
    >${undecidedText(undecided, 'inside')}`;
}

/** A line below a law with those that the data do not rule out either. */
function alternativesText({ alternatives }: Limit): Html | '' {
  const names = alternatives.map(({ law, exponent }) => lawText(law, exponent));
  return names.length === 0 ? '' : html`<br /><span class="soft">or ${names.join(', ')}</span>`;
}

/** The transitions that are behind where a limit is fitted, and where the last of them is. */
function phaseText({ along, phase, phaseFrom }: Limit): string {
  const behind = phase.length === 0 ? 'nothing collapsed' : `after ${phase.join(', ')}`;
  return phaseFrom === null ? behind : `${behind}, from ${along} ${formatNumber(phaseFrom)}`;
}

/** A line below a cell where values of the axis are undecided. */
function undecidedText(undecided: number, where: string): Html | '' {
  return undecided === 0
    ? ''
    : html`<br /><span class="soft">${formatCount(undecided, 'undecided value')} ${where}</span>`;
}
