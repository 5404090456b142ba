import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../analysis/findings.js';
import { limitsOf, QUANTITIES, type Quantity } from '../../../analysis/large-samples.js';
import type { ReportData } from '../../../analysis/report/data.js';
import { reportPage } from '../../../analysis/report/page.js';
import { slicesOf } from '../../../analysis/slices.js';
import { thresholdsOf } from '../../../analysis/thresholds.js';
import { gridOf, range, syntheticPoint } from '../synthetic.js';
import { hostileReport } from './hostile-report.js';

/** What a phone on a slow line still opens. */
const MOST_BYTES = 5e6;

/** As many rows of transitions as the report is given at most, in so many grids, and long series of samples. */
function largeReport(grids: number, ratiosOfGrid: number, lambdas: number): ReportData {
  const ratios = range(2, 12, ratiosOfGrid);
  const steps = range(0.0005, 0.02, lambdas);
  const all = Array.from({ length: grids }, (_, i) =>
    gridOf({ imbalanceRatio: ratios, lambda: steps }, { locate: 'lambda', name: `grid-${i}` }),
  );
  const slices = all.flatMap((grid) => {
    const points = ratios.flatMap((imbalanceRatio) =>
      steps.map((lambda) => ({
        ...syntheticPoint(
          [
            [5, 100 * imbalanceRatio],
            [5, 100],
          ],
          lambda,
          'lambda',
          { lambda, imbalanceRatio },
        ),
        // As long as those of a store.
        key: '0123456789abcdef'.repeat(4),
      })),
    );
    return slicesOf(grid, 'lambda', points).map((slice) => ({
      grid: grid.name,
      along: 'lambda' as const,
      ...slice,
      thresholds: thresholdsOf(grid, 'lambda', slice),
    }));
  });
  const large = gridOf({ sampleScale: [1, 2], imbalanceRatio: range(1, 9, 2) });
  const limits = limitsOf(
    large,
    'sampleScale',
    range(1, 9, 2).flatMap((imbalanceRatio) =>
      range(100, 1e5, 150).map((x) => ({
        coordinates: { sampleScale: x, imbalanceRatio },
        x,
        ...{ clusters: [[10, x]] as const, certified: true, rank: 9 },
        ...{ problem: null, collapsed: [false], meanCollapsed: null },
        quantities: Object.fromEntries(QUANTITIES.map((name) => [name, -1 / 9 + 1 / x])) as Record<
          Quantity,
          number
        >,
      })),
    ),
  );
  const { summary, ...rest } = hostileReport();
  const damaged = Array.from({ length: 500 }, (_, i) => `parts/${i}.parquet: not as written`);
  return {
    ...rest,
    summary: { ...summary, ...findingsOf(all, slices, limits), damaged },
    slices,
    limits,
    grams: Array.from({ length: 2 * grids }, () => rest.grams[0]!),
    thinned: all.map(({ name }) => ({ grid: name, step: 10 })),
  };
}

describe('a report of a large study', () => {
  it.each([
    ['many slices', 1, 60, 100, false],
    ['many grids', 40, 4, 20, true],
  ])('stays small: %s', (_, grids, ratios, lambdas, full) => {
    const page = reportPage(largeReport(grids, ratios, lambdas));
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_BYTES);
    expect(page.length).toBeGreaterThan(MOST_BYTES / 5);
    // Matched, not searched for: a page of megabytes is no message.
    expect(page.includes('class="thinned"')).toBe(true);
    expect(/more figures? would make this page too large/.test(page)).toBe(full);
    expect(page.includes('ufm-sweep export')).toBe(true);
  });
});
