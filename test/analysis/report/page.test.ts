import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { limitsOf, QUANTITIES, type Quantity } from '../../../analysis/large-samples.js';
import type { ReportData } from '../../../analysis/report/data.js';
import { reportPage } from '../../../analysis/report/page.js';
import { ratioLaws } from '../../../analysis/ratio-law.js';
import { slicesOf } from '../../../analysis/slices.js';
import { refusalsOf } from '../../../analysis/summary.js';
import { thresholdLaws } from '../../../analysis/threshold-law.js';
import { thresholdsOf } from '../../../analysis/thresholds.js';
import { gridOf, range, syntheticPoint } from '../synthetic.js';

const HOSTILE = `"><img src=x onerror=alert(1)>&'\``;

/** A report in which every text that others can choose is hostile. */
function hostileReport(): ReportData {
  const lambdas = range(0.002, 0.009, 15);
  const ratios = [2, 3, 4, 5];
  const grid = gridOf(
    { imbalanceRatio: ratios, lambda: lambdas },
    { locate: 'lambda', name: HOSTILE, fixed: { form: HOSTILE } },
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
      ...{ collapsed: [false], meanCollapsed: null },
      quantities: Object.fromEntries(QUANTITIES.map((name) => [name, -1 / 9 + 1 / x])) as Record<
        Quantity,
        number
      >,
    })),
  );
  const thresholds = slices.flatMap((slice) => slice.thresholds);
  const found = {
    thresholds,
    laws: thresholdLaws(slices),
    ratioLaws: ratioLaws(slices),
    limits: limits.map(({ limit }) => limit),
  };
  return {
    summary: {
      study: HOSTILE,
      specHash: HOSTILE,
      ...found,
      comparisons: [],
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
        ...refusalsOf(found),
        { grid: HOSTILE, slice: HOSTILE, subject: HOSTILE, refusal: HOSTILE },
      ],
      damaged: [HOSTILE],
    },
    slices,
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

const page = reportPage(hostileReport());
const { document } = parseHTML(page) as unknown as {
  document: {
    querySelectorAll(selector: string): Iterable<{
      readonly textContent: string;
      getAttribute(name: string): string | null;
      querySelectorAll(selector: string): Iterable<{ getAttribute(name: string): string | null }>;
    }>;
  };
};
const all = (selector: string) => [...document.querySelectorAll(selector)];

describe('reportPage', () => {
  it('shows hostile names as text', () => {
    expect(all('img, script, iframe, object, link')).toEqual([]);
    expect(all('[onerror], [onload], [onclick]')).toEqual([]);
    expect(all('h1')[0]!.textContent).toBe(HOSTILE);
    expect(all('pre')[0]!.textContent).toBe(HOSTILE);
  });

  it('needs nothing from anywhere', () => {
    expect(page.match(/(?:src|href)="(?!#|data:)/g)).toBeNull();
    expect(page).not.toMatch(/@import|url\(/);
    expect(all('meta[http-equiv]')[0]!.getAttribute('content')).toContain("default-src 'none'");
  });

  it('gives every figure a caption, a scaling picture, its data and its drawing', () => {
    const figures = all('figure');
    // Four slices, two laws with two figures each (three slices reach total collapse: too few), the critical ratio,
    // one map, four panels of limits, one table of angles, two histograms.
    expect(figures.length).toBe(17);
    for (const figure of figures) {
      expect([...figure.querySelectorAll('figcaption')]).toHaveLength(1);
      const links = [...figure.querySelectorAll('a[download]')].map((link) =>
        link.getAttribute('href')!,
      );
      expect(links.map((href) => href.slice(0, href.indexOf(';')))).toEqual([
        'data:text/csv',
        'data:image/svg+xml',
      ]);
      const drawing = decodeURIComponent(links[1]!.split(',').slice(1).join(','));
      expect(drawing).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* viewBox=/);
      expect(drawing).not.toMatch(/^<svg[^>]* (?:width|height)="\d/);
      expect(drawing).not.toContain('<img');
    }
  });

  it('links every section that it has, and warns of what is missing or damaged', () => {
    const targets = all('nav a').map((link) => link.getAttribute('href'));
    expect(targets).toEqual(all('section').map((section) => `#${section.getAttribute('id')!}`));
    expect(all('.warning')).toHaveLength(2);
  });
});
