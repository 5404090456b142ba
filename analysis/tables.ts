import Table from 'cli-table3';
import {
  formatCount,
  formatEnds,
  formatInterval,
  formatNumber,
  formatPlace,
  formatWithin,
} from './format.js';
import type { Limit } from './large-samples.js';
import type { RatioLaw } from './ratio-law.js';
import type { SolverComparison } from './solver-comparison.js';
import type { AnalysisSummary, RefusedAnswer } from './summary.js';
import type { LawTerm, ThresholdLaw } from './threshold-law.js';
import type { Threshold } from './thresholds.js';

/** More rows than this help nobody in a terminal; all of them are in the files. */
const MOST_ROWS = 40;

/** What the analysis found, as plain text of at most 80 columns. */
export function summaryText(summary: AnalysisSummary): string {
  const { points, partial } = summary;
  const parts = [
    `${summary.study}: ${formatCount(points.certified, 'certified point')} of ${formatCount(points.planned, 'planned point')}`,
    ...(partial ? [`Partial: ${formatCount(points.missing, 'point')} without a row yet.`] : []),
    ...summary.damaged.map((problem) => `Left out, since damaged: ${problem}`),
    thresholdTable(summary.thresholds),
    comparisonTable(summary.comparisons),
    lawTable(summary.laws),
    ratioTable(summary.ratioLaws),
    limitTable(summary.limits),
    ...summary.variability.map(
      ({ grid, points: count, median, largest }) =>
        `NC1 of ${formatCount(count, 'per-sample point')} of ${grid}: median ${formatNumber(median)}, largest ${formatNumber(largest)}`,
    ),
    refusalList(summary),
  ];
  return parts.filter((part) => part !== '').join('\n\n') + '\n';
}

/** One line a transition, under its grid and slice; empty when there is none. */
export function thresholdTable(thresholds: readonly Threshold[]): string {
  const found = thresholds.filter(({ refusal }) => refusal === null);
  if (found.length === 0) return '';
  const head = ['transition', 'estimate', 'certified between', 'theory'];
  const rows = found.map((threshold) => {
    const { transition, lower, upper, interval, estimate, theory } = threshold;
    const width = interval![1] - interval![0];
    return {
      place: `${formatPlace(threshold.grid, threshold.slice)}, along ${threshold.along}`,
      cells: [
        transition,
        formatWithin(estimate, width),
        formatEnds(lower, upper),
        formatWithin(theory, width),
      ],
    };
  });
  return `Transitions\n${groupedTable(head, [26, 14, 26, 14], rows)}`;
}

/** One line a transition that both solvers have, under its grid and slice; empty when there is none. */
export function comparisonTable(comparisons: readonly SolverComparison[]): string {
  const head = ['transition', 'exact', 'empirical', 'difference', 'agree'];
  const rows = comparisons.map((comparison) => {
    const { grid, slice, along, seeds, transition, exact, empirical } = comparison;
    const width = empirical.interval === null ? 0 : empirical.interval[1] - empirical.interval[0];
    return {
      place: `${formatPlace(grid, slice)}, along ${along}, ${formatCount(seeds, 'seed')}`,
      cells: [
        transition,
        formatWithin(exact.estimate, width),
        formatWithin(empirical.estimate, width),
        formatNumber(comparison.difference),
        AGREEMENT[String(comparison.agree)]!,
      ],
    };
  });
  return rows.length === 0
    ? ''
    : `Tensor and exact solver\n${groupedTable(head, [26, 15, 15, 14, 10], rows)}`;
}

const AGREEMENT: Readonly<Record<string, string>> = { true: 'yes', false: 'no', null: '–' };

const TERMS: Readonly<Record<LawTerm, string>> = {
  constant: 'constant',
  samples_total: 'exponent of N',
  cluster_samples: 'exponent of n',
};

/** One line a coefficient, under its transition and what certificates say of it; empty when there is no law. */
export function lawTable(laws: readonly ThresholdLaw[]): string {
  const head = ['coefficient', 'estimate', '95 % interval', 'certified', 'theory'];
  const rows = laws
    .filter(({ refusal }) => refusal === null)
    .flatMap((law) =>
      law.coefficients
        .filter(({ refusal }) => refusal === null)
        .map(({ of, estimate, interval, lower, upper, theory }) => ({
          place: `${law.transition}, ${formatCount(law.places.length, 'slice')}: ${lawVerdict(law)}`,
          cells: [
            TERMS[of],
            formatWithin(estimate, interval![1] - interval![0]),
            formatInterval(interval),
            formatEnds(lower, upper),
            formatNumber(theory),
          ],
        })),
    );
  return rows.length === 0
    ? ''
    : `Law of the threshold: lambda = constant N^a n^b\n${groupedTable(head, [17, 12, 25, 19, 7], rows)}`;
}

function lawVerdict({ possible, reduced }: ThresholdLaw): string {
  if (possible === false) return 'certificates rule out every such law';
  return reduced === null
    ? 'not of lambda N / sqrt(n) alone'
    : `lambda N / sqrt(n) = ${formatInterval(reduced)}`;
}

/** The critical ratio of each division of the classes; empty when there is none. */
export function ratioTable(laws: readonly RatioLaw[]): string {
  const head = ['r* = a / (lambda sqrt(n_B)) + b', 'estimate', '95 % interval', 'theory'];
  const rows = laws.flatMap(({ majorityClasses, minorityClasses, slope, intercept, places }) =>
    slope === null || intercept === null
      ? []
      : [
          { name: 'a', ...slope },
          { name: 'b', ...intercept },
        ].map(({ name, estimate, interval, theory }) => ({
          place: `k_A = ${majorityClasses}, k_B = ${minorityClasses}, ${formatCount(places.length, 'slice')}`,
          cells: [
            name,
            formatWithin(estimate, interval[1] - interval[0]),
            formatInterval(interval),
            formatNumber(theory),
          ],
        })),
  );
  return rows.length === 0 ? '' : `Critical ratio\n${groupedTable(head, [32, 12, 24, 12], rows)}`;
}

/** One line a quantity, under its grid and slice; empty when there is none. */
export function limitTable(limits: readonly Limit[]): string {
  const found = limits.filter(({ refusal }) => refusal === null);
  if (found.length === 0) return '';
  const head = ['quantity', 'law', 'limit', 'interval', 'ETF'];
  const rows = found.map((each) => {
    const { quantity, law, exponent, limit, interval, consistentWithEtf } = each;
    return {
      place: `${formatPlace(each.grid, each.slice)}, along ${each.along}${formatPhase(each)}`,
      cells: [
        quantity,
        exponent === null ? law! : `n^-${formatNumber(exponent)}`,
        formatWithin(limit, interval![1] - interval![0]),
        formatInterval(interval),
        consistentWithEtf === true ? 'allowed' : 'no',
      ],
    };
  });
  return `Limits as samples grow\n${groupedTable(head, [20, 14, 12, 24, 10], rows)}`;
}

/** From where on a slice was fitted, and what was left out of it; empty where all of it counts. */
function formatPhase({ along, phase, phaseFrom, undecided }: Limit): string {
  const from =
    phaseFrom === null
      ? ''
      : `, from ${along} = ${phaseFrom} on (${phase.join(', ') || 'nothing collapsed'})`;
  return undecided === 0 ? from : `${from}, ${formatCount(undecided, 'value')} left out`;
}

interface PlacedRow {
  /** The grid and slice that the row belongs to: said once, above the first of its rows. */
  readonly place: string;
  readonly cells: readonly string[];
}

function groupedTable(head: string[], colWidths: number[], rows: readonly PlacedRow[]): string {
  const table = plainTable(head, colWidths);
  let place: string | null = null;
  for (const row of rows.slice(0, MOST_ROWS)) {
    if (row.place !== place) table.push([{ colSpan: head.length, content: row.place }]);
    place = row.place;
    table.push([`  ${row.cells[0]!}`, ...row.cells.slice(1)]);
  }
  return table.toString().replace(/ +$/gm, '') + omitted(rows.length);
}

/** Slices that were refused for the same reason stand together. */
function refusalList({ refusals }: AnalysisSummary): string {
  if (refusals.length === 0) return '';
  const groups = new Map<string, RefusedAnswer[]>();
  for (const each of refusals) {
    const key = JSON.stringify([each.grid, each.subject, each.refusal]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const lines = [...groups.values()].map((members) => {
    const { grid, slice, subject, refusal } = members[0]!;
    const where = members.length === 1 ? slice : formatCount(members.length, 'slice');
    return wrapped(`- ${grid} (${where}), ${subject}: ${refusal}`);
  });
  const shown = lines.slice(0, MOST_ROWS).join('\n');
  return `Without an answer\n${shown}${omitted(lines.length)}`;
}

/** Lines of at most 80 columns, the later ones indented. */
function wrapped(text: string): string {
  return text.replace(/(.{1,76})(?: +|$)/g, '$1\n  ').trimEnd();
}

function omitted(rows: number): string {
  return rows > MOST_ROWS ? `\n... and ${formatCount(rows - MOST_ROWS, 'more row')}` : '';
}

/** Columns apart by a blank alone: reads without colour, and pastes into a mail. */
function plainTable(head: string[], colWidths: number[]): Table.Table {
  return new Table({
    head,
    colWidths,
    wordWrap: true,
    wrapOnWordBoundary: false,
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
}

const NO_LINES: Readonly<Record<string, string>> = Object.fromEntries(
  ['top', 'bottom', 'mid']
    .flatMap((line) => [line, `${line}-mid`, `${line}-left`, `${line}-right`])
    .concat('left', 'left-mid', 'right', 'right-mid', 'middle')
    .map((name) => [name, '']),
);
