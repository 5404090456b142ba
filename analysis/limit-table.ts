import { formatCount, formatInterval, formatNumber, formatPlace, formatWithin } from './format.js';
import type { Limit } from './large-samples.js';
import { groupedTable } from './text-table.js';

/** One line a quantity, under its grid and slice; empty when there is none. */
export function limitTable(limits: readonly Limit[]): string {
  const found = limits.filter(({ refusal }) => refusal === null);
  if (found.length === 0) return '';
  const head = ['quantity', 'law', 'limit', 'interval', 'theory', 'ETF'];
  const rows = found.map((each) => {
    const { quantity, law, exponent, limit, interval, theory, consistentWithEtf } = each;
    return {
      place: `${formatPlace(each.grid, each.slice)}, along ${each.along}${formatPhase(each)}`,
      cells: [
        quantity,
        exponent === null ? law! : `n^-${formatNumber(exponent)}`,
        formatWithin(limit, interval![1] - interval![0]),
        formatInterval(interval),
        formatWithin(theory, interval![1] - interval![0]),
        consistentWithEtf === true ? 'allowed' : 'no',
      ],
    };
  });
  return `Limits as samples grow\n${groupedTable(head, [16, 11, 12, 22, 11, 8], rows)}`;
}

/** From where on a slice was fitted, and what was left out of it; empty where all of it counts. */
function formatPhase({ along, phase, phaseFrom, undecided }: Limit): string {
  const from =
    phaseFrom === null
      ? ''
      : `, from ${along} = ${phaseFrom} on (${phase.join(', ') || 'nothing collapsed'})`;
  return undecided === 0 ? from : `${from}, ${formatCount(undecided, 'value')} left out`;
}
