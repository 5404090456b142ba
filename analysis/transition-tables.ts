import { formatCount, formatEnds, formatNumber, formatPlace, formatWithin } from './format.js';
import type { SolverComparison } from './solver-comparison.js';
import { groupedTable } from './text-table.js';
import type { Threshold } from './thresholds.js';

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
