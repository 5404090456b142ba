import { describe, expect, it } from 'vitest';
import { printable, printableLine } from '../../cli/printable.js';

describe('what is printed', () => {
  it.each([
    ['colours and moves', '\u001b[31mred\u001b[2J', String.raw`\u001b[31mred\u001b[2J`],
    ['the one-byte escape', '\u009b2J', String.raw`\u009b2J`],
    ['a window title', '\u001b]0;title\u0007', String.raw`\u001b]0;title\u0007`],
    ['a line written over', 'bad\rgood', String.raw`bad\u000dgood`],
    ['reversed text', 'a\u202eb\u2066c', String.raw`a\u202eb\u2066c`],
    ['what takes no room', 'a\u200bb\ufeff', String.raw`a\u200bb\ufeff`],
    ['separators of lines', 'a\u2028b', String.raw`a\u2028b`],
    ['half a character', 'a\ud800b', String.raw`a\ud800b`],
    ['hidden tags', '\u{e0041}', String.raw`\udb40\udc41`],
    ['NUL and DEL', '\0\u007f', String.raw`\u0000\u007f`],
  ])('shows %s instead of obeying it', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
  });

  it('leaves every language, and the lines and tabs of tables, as they are', () => {
    const text = 'λ ≤ 0.5\tÜber 日本語 עברית 🎉\n│ x │';
    expect(printable(text)).toBe(text);
  });

  it('stays in its line where a line is meant', () => {
    expect(printableLine('a\nok: forged\tx')).toBe(String.raw`a\u000aok: forged\u0009x`);
  });
});
