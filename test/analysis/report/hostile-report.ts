import { findingsOf } from '../../../analysis/findings.js';
import { limitsOf, QUANTITIES, type Quantity } from '../../../analysis/large-samples.js';
import type { ReportData } from '../../../analysis/report/data.js';
import { slicesOf } from '../../../analysis/slices.js';
import { thresholdsOf } from '../../../analysis/thresholds.js';
import { gridOf, range, syntheticPoint } from '../synthetic.js';

/** A text that would run if a page took it for HTML. */
export const HOSTILE = `"><img src=x onerror=alert(1)>&'\``;

/** A report in which every text that others can choose is hostile. */
export function hostileReport(): ReportData {
  const lambdas = range(0.002, 0.009, 15);
  const ratios = [2, 3, 4, 5];
  const grid = gridOf(
    { imbalanceRatio: ratios, lambda: lambdas },
    { locate: 'lambda', name: HOSTILE, fixed: { form: HOSTILE, loss: HOSTILE } },
  );
  const points = ratios.flatMap((ratio) =>
    lambdas.map((lambda) => ({
      ...syntheticPoint(
        [
          [5, 100 * ratio],
          [5, 100],
        ],
        lambda,
        'lambda',
        {
          lambda,
          imbalanceRatio: ratio,
        },
      ),
      key: HOSTILE,
    })),
  );
  const slices = slicesOf(grid, 'lambda', points).map((slice) => ({
    grid: HOSTILE,
    along: 'lambda' as const,
    ...slice,
    name: `${slice.name} ${HOSTILE}`,
    thresholds: thresholdsOf(grid, 'lambda', { ...slice, name: `${slice.name} ${HOSTILE}` }),
  }));
  const large = gridOf({ sampleScale: [1, 2] }, { name: HOSTILE });
  const limits = limitsOf(
    large,
    'sampleScale',
    range(100, 1000, 8).map((x) => ({
      coordinates: { sampleScale: x },
      x,
      ...{ clusters: [[10, x]] as const, certified: true, rank: 9 },
      ...{ problem: null, collapsed: [false], meanCollapsed: null },
      quantities: Object.fromEntries(QUANTITIES.map((name) => [name, -1 / 9 + 1 / x])) as Record<
        Quantity,
        number
      >,
    })),
  );
  const found = findingsOf([grid, large], slices, limits);
  return {
    summary: {
      study: HOSTILE,
      specHash: HOSTILE,
      ...found,
      variability: [
        {
          grid: HOSTILE,
          points: 3,
          median: 1e-8,
          largest: 1e-6,
          medianPinv: null,
          largestPinv: null,
        },
      ],
      points: { planned: 62, missing: 1, certified: 60, uncertified: 0, diverged: 0, failed: 1 },
      partial: true,
      refusals: [
        ...found.refusals,
        { grid: HOSTILE, slice: HOSTILE, subject: HOSTILE, refusal: HOSTILE },
      ],
      damaged: [HOSTILE],
    },
    grids: [grid, large],
    slices,
    thinned: [{ grid: HOSTILE, step: 2 }],
    solverPairs: [],
    limits,
    grams: [
      {
        grid: HOSTILE,
        place: HOSTILE,
        key: HOSTILE,
        clusters: [
          [5, 500],
          [5, 100],
        ],
        cosines: { W: [-0.1, 0, 0, 1], H: [0.2, null, null, -1], Z: [-0.11, -0.11, -0.11, null] },
      },
    ],
    relativeGaps: [{ low: 1e-9, high: 1e-8, count: 60 }],
    seconds: [{ low: 1e-3, high: 1e-2, count: 60 }],
    troubled: [
      {
        grid: HOSTILE,
        coordinates: HOSTILE,
        status: 'failed',
        relativeGap: null,
        message: HOSTILE,
        key: HOSTILE,
      },
    ],
    provenance: [{ label: 'Backend', values: [{ value: HOSTILE, rows: 61 }] }],
    studyText: HOSTILE,
  };
}
