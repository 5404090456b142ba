import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { drawingsOf } from '../../../analysis/report/drawings.js';
import { reportPage } from '../../../analysis/report/page.js';
import { figureReader } from '../../../analysis/report/script.js';
import { HOSTILE, hostileReport } from './hostile-report.js';

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
    expect(all('img, iframe, object, link')).toEqual([]);
    expect(all('script')).toHaveLength(1);
    expect(all('[onerror], [onload], [onclick]')).toEqual([]);
    expect(all('h1')[0]!.textContent).toBe(HOSTILE);
    expect(all('pre')[0]!.textContent).toBe(HOSTILE);
  });

  it('needs nothing from anywhere', () => {
    expect(page.match(/(?:src|href)="(?!#|data:)/g)).toBeNull();
    expect(page).not.toMatch(/@import|url\(/);
    expect(all('meta[http-equiv]')[0]!.getAttribute('content')).toContain("default-src 'none'");
  });

  it('lets its own script run and no other', () => {
    const script = all('script')[0]!.textContent;
    expect(script).toBe(figureReader());
    const hash = createHash('sha256').update(script).digest('base64');
    expect(all('meta[http-equiv]')[0]!.getAttribute('content')).toContain(
      `script-src 'sha256-${hash}'`,
    );
  });

  it('gives every figure a caption, a scaling picture, its data and its drawing', () => {
    const figures = all('figure');
    // Four slices, two laws with two figures each (three slices reach total collapse: too few), the critical ratio,
    // one map, four panels of limits, one table of angles, two histograms.
    expect(figures.length).toBe(17);
    for (const figure of figures) {
      const count = (selector: string) => [...figure.querySelectorAll(selector)].length;
      expect(count('figcaption')).toBe(1);
      expect(count('a[download][href^="data:text/csv"]')).toBe(1);
      expect(count('button[data-file$=".svg"]')).toBe(1);
      const [picture] = [...figure.querySelectorAll('svg[role="img"]')];
      expect(picture!.getAttribute('viewBox')).toMatch(/^0 0 400 \d+$/);
      expect(picture!.getAttribute('width')).toBeNull();
    }
  });

  it('has drawings that stand alone, each under a name of its own', () => {
    const drawings = drawingsOf(page);
    expect(drawings.length).toBe(17);
    expect(new Set(drawings.map(({ file }) => file)).size).toBe(17);
    for (const { file, svg } of drawings) {
      expect(file).toMatch(/^\d\d-[\w.=-]+\.svg$/);
      expect(svg).toMatch(
        /^<svg\s+xmlns="http:\/\/www\.w3\.org\/2000\/svg"\s+viewBox="0 -\d+ 400 \d+"/,
      );
      // Title and legend are within, and nothing of the page's style is needed.
      expect(svg).toContain('font-weight="600"');
      expect(svg).not.toMatch(/var\(|<img|<style/);
    }
  });

  it('links every section that it has, and warns of what is missing or damaged', () => {
    const targets = all('nav a').map((link) => link.getAttribute('href'));
    expect(targets).toEqual(all('section').map((section) => `#${section.getAttribute('id')!}`));
    expect(all('.warning')).toHaveLength(2);
  });
});
