import { readFileSync, readdirSync, statSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { namedCurvesFigure } from '../../paper/named-curves.js';
import { standaloneSvg } from '../../paper/standalone-svg.js';

const HOSTILE = '</text><script>alert(1)</script>';

const figure = namedCurvesFigure(
  { title: HOSTILE, caption: '', x: 'n', y: 'distance', logarithmic: ['x'], reference: 0 },
  ['first', HOSTILE].map((name, i) => ({
    name,
    joined: true,
    points: [1, 10, 1e6].map((x) => ({ x, y: 1 / (i + Math.log(3 * x)) })),
  })),
);
const svg = standaloneSvg(figure);

describe('standaloneSvg', () => {
  it('is one image on white, with the names of its curves beside their marks', () => {
    expect(svg.match(/<svg /g)).toHaveLength(2);
    expect(svg).toContain('fill="#ffffff"');
    expect(svg).toMatch(/<path [^>]*\/><\/g><text [^>]*>first<\/text>/);
  });

  it('shows hostile names as text and holds nothing that runs or loads', () => {
    expect(svg).not.toMatch(/<script|href=|onload/);
    const { document } = parseHTML(svg) as unknown as {
      document: { querySelectorAll(selector: string): Iterable<{ readonly textContent: string }> };
    };
    const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(texts.filter((text) => text === HOSTILE)).toHaveLength(2);
  });

  it('has no more digits than are seen, and powers of ten on its axis', () => {
    expect(svg).not.toMatch(/ (?:d|x|y|cx|cy|transform)="[^"]*\d\.\d{3}/);
    expect(svg).toContain('10⁶');
  });
});

describe('the figures of docs/reproduction.md', () => {
  const docs = new URL('../../docs/', import.meta.url);
  const page = readFileSync(new URL('reproduction.md', docs), 'utf8');
  const shown = [...page.matchAll(/\(figures\/([\w-]+\.svg)\)/g)].map((match) => match[1]!);

  it('are all there, all shown, and small', () => {
    const drawn = readdirSync(new URL('figures/', docs));
    expect(shown.toSorted()).toEqual(drawn.toSorted());
    for (const file of drawn) {
      expect(statSync(new URL(`figures/${file}`, docs)).size, file).toBeLessThan(100_000);
    }
  });
});
