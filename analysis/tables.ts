import { formatCount, formatNumber } from './format.js';
import { grouped } from './grouped.js';
import { lawTable, ratioTable } from './law-tables.js';
import { limitTable } from './limit-table.js';
import type { AnalysisSummary } from './summary.js';
import { MOST_ROWS, omitted } from './text-table.js';
import { comparisonTable, thresholdTable } from './transition-tables.js';

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

/** Slices that were refused for the same reason stand together. */
function refusalList({ refusals }: AnalysisSummary): string {
  if (refusals.length === 0) return '';
  const groups = grouped(refusals, ({ grid, subject, refusal }) =>
    JSON.stringify([grid, subject, refusal]),
  );
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
