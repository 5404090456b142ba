import { describe, expect, it } from 'vitest';
import { readDocument } from '../../study/document.js';
import { problemsOf } from './studies.js';

describe('a text that is not YAML', () => {
  it.each([
    ['an empty text', ''],
    ['a comment', '# nothing'],
    ['a list', '- 1'],
    ['a word', 'study'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['a tab', '\tversion: 1\n'],
    ['an unknown tag', 'version: !one 1\n'],
    ['an alias without an anchor', 'version: *x\n'],
    ['an open bracket', 'grids: [\n'],
    ['a binary', '\u0000\u0001\u0002'],
  ])('is a problem with a place: %s', (_, text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    for (const { line, column, message } of problems) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(message).not.toBe('');
    }
  });

  it('is told where it breaks, without guesses about what comes after', () => {
    const problems = problemsOf('version: 2\nname: s\ngrids: [{name: g\nsolver: {kind: exactly}\n');
    expect(problems[0]).toMatchObject({ line: 1, code: 'invalid-value' });
    expect(problems.slice(1).every(({ code }) => code === 'syntax')).toBe(true);
    expect(problems.length).toBeGreaterThan(1);
  });
});

describe('a text that would grow without bound', () => {
  it('of aliases of aliases is refused at once', () => {
    const lines = ['a0: &a0 [x, x]'];
    for (let i = 1; i < 40; i++) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
    expect(problemsOf(lines.join('\n'))).toMatchObject([{ code: 'syntax' }]);
  });

  it.each(['[', '{a: ', '- '])('of nested %s is refused without a crash', (open) => {
    expect(problemsOf(open.repeat(20_000)).length).toBeGreaterThan(0);
  });

  it('of characters is refused unread', () => {
    expect(problemsOf('#'.repeat(1_000_001))).toMatchObject([{ code: 'syntax', line: 1 }]);
  });
});

describe('positions', () => {
  const document = readDocument('a:\n  - b: 1\n    c: &x {d: 2}\n  - *x\n');

  it('are those of keys and of values', () => {
    expect(document.positionOf(['a', 0, 'c'], 'key')).toEqual({ line: 3, column: 5 });
    expect(document.positionOf(['a', 0, 'c', 'd'], 'value')).toEqual({ line: 3, column: 15 });
    expect(document.positionOf(['a', 0, 'b'], 'value')).toEqual({ line: 2, column: 8 });
  });

  it('follow aliases', () => {
    expect(document.positionOf(['a', 1], 'value')).toEqual({ line: 4, column: 5 });
    expect(document.positionOf(['a', 1, 'd'], 'value')).toEqual({ line: 3, column: 15 });
  });

  it('of a missing entry are those of its parent', () => {
    expect(document.positionOf(['a', 0, 'missing'], 'key')).toEqual({ line: 2, column: 5 });
    expect(document.positionOf([], 'value')).toEqual({ line: 1, column: 1 });
  });
});
