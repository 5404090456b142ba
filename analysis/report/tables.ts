import {
  formatCount,
  formatEnds,
  formatInterval,
  formatNumber,
  formatPlace,
  formatWithin,
} from '../format.js';
import type { Limit } from '../large-samples.js';
import type { RefusedAnswer } from '../summary.js';
import type { LawTerm, ThresholdLaw } from '../threshold-law.js';
import type { Threshold } from '../thresholds.js';
import type { Provenance, TroubledPoint } from './data.js';
import { html, type Fragment, type Html } from './html.js';

/** A column of a table: its heading, and whether numbers stand in it. */
type Heading = readonly [label: string, kind: 'text' | 'number'];

/** Rows that are seen at once; the others open on demand. */
const ROWS_AT_ONCE = 24;
/** More rows than this belong into a file. */
const MOST_ROWS = 400;

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
        formatEnds(each.lower, each.upper),
        formatWithin(each.estimate, width),
        formatInterval(each.interval),
        formatWithin(each.theory, width),
        unknown ? '–' : percent(each.difference / each.theory),
      ];
    }),
  );
}

const TERMS: Readonly<Record<LawTerm, string>> = {
  constant: 'constant',
  samples_total: 'exponent of N',
  cluster_samples: 'exponent of n',
};

export function lawTable(laws: readonly ThresholdLaw[]): Html {
  return table(
    [
      ['Transition', 'text'],
      ['Slices', 'number'],
      ['Coefficient', 'text'],
      ['Estimate', 'number'],
      ['95 % interval', 'number'],
      ['Certified between', 'number'],
      ['Theory', 'number'],
    ],
    laws.flatMap(({ transition, places, coefficients, refusal }) =>
      refusal === null
        ? coefficients.map((each) => [
            transition,
            String(places.length),
            TERMS[each.of],
            each.interval === null
              ? html`<span class="why">${each.refusal ?? '–'}</span>`
              : formatWithin(each.estimate, each.interval[1] - each.interval[0]),
            formatInterval(each.interval),
            formatEnds(each.lower, each.upper),
            formatNumber(each.theory),
          ])
        : [],
    ),
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
      ['ETF', 'number'],
      ['Tends to the ETF', 'text'],
      ['Also possible', 'text'],
    ],
    limits
      .filter(({ refusal }) => refusal === null)
      .map((each) => {
        const width = each.interval![1] - each.interval![0];
        return [
          formatPlace(each.grid, each.slice),
          each.quantity,
          lawText(each.law!, each.exponent),
          formatWithin(each.limit, width),
          formatInterval(each.interval),
          formatWithin(each.etf, width),
          each.consistentWithEtf === true ? 'possible' : 'no',
          each.alternatives.map(({ law, exponent }) => lawText(law, exponent)).join(', ') || '–',
        ];
      }),
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
  );
}

export function troubleTable(points: readonly TroubledPoint[]): Html {
  return table(
    [
      ['Grid', 'text'],
      ['Status', 'text'],
      ['Relative gap', 'number'],
      ['Coordinates', 'text'],
      ['Message', 'text'],
      ['Point', 'text'],
    ],
    points.map(({ grid, status, relativeGap, coordinates, message, key }) => [
      grid,
      status,
      formatNumber(relativeGap),
      coordinates,
      message ?? '–',
      html`<code>${key}</code>`,
    ]),
  );
}

export function provenanceTable(provenance: readonly Provenance[]): Html {
  return table(
    [
      ['What', 'text'],
      ['Value', 'text'],
      ['Rows', 'number'],
    ],
    provenance.flatMap(({ label, values }) =>
      values.map(({ value, rows }, i) => [i === 0 ? label : '', value, rows.toLocaleString('en')]),
    ),
  );
}

function table(headings: readonly Heading[], rows: readonly (readonly Fragment[])[]): Html {
  const hidden = rows.slice(ROWS_AT_ONCE, MOST_ROWS);
  const left = rows.length - Math.min(rows.length, MOST_ROWS);
  const rest = html`<details>
    <summary>${formatCount(hidden.length, 'more row')}</summary>
    ${plainTable(headings, hidden)}
  </details>`;
  return html`${plainTable(headings, rows.slice(0, ROWS_AT_ONCE))}${hidden.length > 0 ? rest : ''}${
    left > 0
      ? html`<p class="soft">${formatCount(left, 'more row')} in the files beside this page.</p>`
      : ''
  }`;
}

/** On a phone each row becomes a list of its cells, so every cell carries its heading. */
function plainTable(headings: readonly Heading[], rows: readonly (readonly Fragment[])[]): Html {
  const head = headings.map(([label, kind]) => html`<th class="${kind}">${label}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell, i) => html`<td class="${headings[i]![1]}" data-label="${headings[i]![0]}"><div>${cell}</div></td>`)}
      </tr>`,
  );
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function lawText(law: string, exponent: number | null): string {
  return exponent === null ? law : `${law} n^-${formatNumber(exponent)}`;
}

function percent(share: number): string {
  const value = 100 * share;
  if (Math.abs(value) < 1e-4) return '< 0.0001 %';
  return `${value > 0 ? '+' : '−'}${Number(Math.abs(value).toPrecision(2))} %`;
}
