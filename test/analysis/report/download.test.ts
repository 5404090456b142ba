import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { downloadLink, toCsv } from '../../../analysis/report/download.js';

interface Document {
  querySelector(selector: string): { getAttribute(name: string): string } | null;
}

describe('toCsv', () => {
  it('quotes what needs quotes, and leaves nothing where there is nothing', () => {
    expect(
      toCsv(
        ['a', 'b'],
        [
          ['x,y', 'say "no"'],
          [null, -1.5],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""no"""\r\n,-1.5\r\n');
  });

  it('disarms texts that a spreadsheet would run as formulas', () => {
    expect(toCsv(['a'], [['=HYPERLINK("x")']])).toContain(`"'=HYPERLINK`);
  });
});

describe('downloadLink', () => {
  it('holds the whole text in the link', () => {
    const { text } = downloadLink('CSV', 'data.csv', 'text/csv', 'a,b\n"#%&"');
    const { document } = parseHTML(text) as unknown as { document: Document };
    const href = document.querySelector('a')!.getAttribute('href');
    expect(new URL(href).hash).toBe('');
    expect(decodeURIComponent(href.split(',').slice(1).join(','))).toBe('a,b\n"#%&"');
  });
});
