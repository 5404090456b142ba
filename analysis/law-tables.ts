import { formatCount, formatEnds, formatInterval, formatNumber, formatWithin } from './format.js';
import { TERM_NAMES } from './law-coefficients.js';
import type { RatioLaw } from './ratio-law.js';
import { groupedTable } from './text-table.js';
import type { ThresholdLaw } from './threshold-law.js';

/** One line a coefficient, under its transition and whether one passes between the certified points; empty when there is no law. */
export function lawTable(laws: readonly ThresholdLaw[]): string {
  const head = ['coefficient', 'estimate', '95 % interval', 'allowed', 'theory'];
  const rows = laws
    .filter(({ refusal }) => refusal === null)
    .flatMap((law) =>
      law.coefficients
        .filter(({ refusal }) => refusal === null)
        .map(({ of, estimate, interval, lower, upper, theory }) => ({
          place: `${law.transition}, ${formatCount(law.places.length, 'slice')}: ${lawVerdict(law)}`,
          cells: [
            TERM_NAMES[of],
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
  if (possible === false) return 'no such law passes between the certified points';
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
