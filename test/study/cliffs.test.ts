import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProblems } from '../../study/parse.js';
import { problemsOf, studyText } from './studies.js';

const BASE = ['classes: 10', 'majorityClasses: 5', 'majoritySamples: 500', 'minoritySamples: 100'];
const problemsIn = (...lines: string[]) => problemsOf(studyText(...BASE, ...lines));
const list = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join('');

/** Seconds of this process. */
function secondsOf(act: () => unknown): number {
  const start = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

describe('a range that promises too much', () => {
  it.each([
    ['lambda: [1, {from: 1, to: 2, points: 50000000}]', ['lambda', 1, 'points']],
    ['lambda: {from: 1, to: 2, points: 9007199254740991}', ['lambda', 'points']],
    ['lambda: [{from: 1, to: 2, points: 9007199254740991}]', ['lambda', 0, 'points']],
    ['{exclude: [{lambda: {from: 1, to: 2, points: 9007199254740991}}], lambda: 1}', ['exclude', 0, 'lambda', 'points']],
  ])('is told, and not written out: %s', (line, path) => {
    const lines = line.startsWith('{') ? ['lambda: 1', line.slice(1, -', lambda: 1}'.length)] : [line];
    expect(problemsIn(...lines)).toMatchObject([
      { path: ['grids', 0, ...path], message: expect.stringContaining('at most 100000') as string },
    ]);
  }); // prettier-ignore

  it.each(['points: -1.0e+15', 'points: .nan', 'points: -.inf', 'from: .nan, to: 1, step: 1'])(
    'does not hide others by %s',
    (numbers) => {
      const ranges = `[{${numbers}}, ${list(11, () => '{from: 1, to: 2, points: 100000}, ')}]`;
      expect(problemsIn(`lambda: ${ranges}`)).toMatchObject([{ code: 'too-large' }]);
    },
  );

  it('does not hide what stands beside it', () => {
    const ranges = `[${list(11, () => '{from: 1, to: 2, points: 100000}, ')}]`;
    expect(problemsIn('points: 2', `lambda: ${ranges}`)).toMatchObject([{ code: 'too-large' }]);
  });
});

describe('a text that nobody means', () => {
  it.each([
    ['a mapping for a key', '? {toString: 1}\n: 2\n', 'a key of a study file is a word'],
    ['an alias for a key', 'a: &x 1\n? *x\n: 2\n', 'a word, not an alias'],
    ['merge keys', 'a: &x {b: 1}\nc:\n  <<: *x\n', 'YAML 1.1 only; put what grids share into `defaults`'],
    ['two documents', 'version: 1\n---\nversion: 1\n', 'a second document starts here'],
    ['UTF-16', Buffer.from('\uFEFFversion: 1\n', 'utf16le').toString(), 'save the file as UTF-8'],
    ['a tag that does not fit', 'version: !!float 1\n', 'the tag `!!float` does not fit its value'],
    ['a tag of its own', 'version: !one 1\n', 'the tag `!one`'],
    ['an alias within itself', 'a: &x [*x]\n', '`*x` stands within what it stands for'],
    ['an alias without an anchor', 'a: *x\nb: &x 1\n', '`*x` has no `&x` before it'],
    ['brackets without an end', '['.repeat(500_000), 'nests deeper than any study'],
    ['brackets without a start', ']'.repeat(500_000), 'is no YAML: more than 100 pieces'],
    ['nested lists', '- '.repeat(300_000), 'nests deeper'],
    ['nested mappings', list(300, (i) => `${' '.repeat(i)}a:\n`), 'nests deeper'],
    ['aliases without number', `a: &x 1\nb: [${'*x, '.repeat(2000)}]\n`, 'one alias more than the 1000'],
  ])('is told plainly: %s', (_, text, message) => {
    const problems = problemsOf(text);
    const told = problems.map((problem) => problem.message).join('\n');
    expect(told).toContain(message);
    expect(told).not.toMatch(/YAML\.parse|Unresolved|attack|convert object/);
    expect(problems.length).toBeLessThan(5);
  }); // prettier-ignore

  it.each([
    ['.inf', 'not infinity'],
    ['-.inf', 'not -infinity'],
    ['.nan', 'not .nan, which is no number'],
    ['1e999', 'not infinity'],
  ])('has no number such as %s', (number, message) => {
    expect(problemsIn(`lambda: ${number}`)[0]!.message).toContain(message);
  });

  it('of quotes is told of by its first problems', () => {
    const problems = problemsOf('"'.repeat(300_000));
    expect(problems.length).toBeGreaterThan(100_000);
    const lines = formatProblems('x.yaml', problems).split('\n');
    expect(lines).toHaveLength(51);
    expect(lines[50]).toBe(`and ${problems.length - 50} more`);
  });

  it('of words, such as a page of documentation, is no screen of errors', () => {
    const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(formatProblems('README.md', problemsOf(text)).split('\n').length).toBeLessThan(52);
  });
});

describe('a text takes time in proportion to its length', () => {
  it.each([
    ['of unknown keys', (n: number) => studyText(...BASE, 'lambda: 1', ...Array.from({ length: n }, (_, i) => `key${i}: 1`)), n => n],
    ['of repeated keys', (n: number) => studyText(...BASE, 'lambda: 1') + '    a: 1\n'.repeat(2 * n), n => 2 * n],
    ['of bad groups to zip', (n: number) => studyText(...BASE, 'lambda: 1', `zip: [${'[lambda, seed], '.repeat(n)}]`), () => 2],
    ['of grids of one name', (n: number) => `version: 1\nname: s\ngrids:\n${'  - {name: g, lambda: 1, samples: [2, 1]}\n'.repeat(n)}`, n => n],
  ] as readonly (readonly [string, (n: number) => string, (n: number) => number])[])('%s', (_, textOf, count) => {
    const seconds = (n: number) => secondsOf(() => {
      expect(problemsOf(textOf(n)).length).toBeGreaterThanOrEqual(count(n) - 1);
    });
    seconds(500);
    // Eight times as much: of quadratic work 64 times as much, and seconds of it.
    expect(seconds(8000)).toBeLessThan(30 * Math.max(seconds(1000), 0.02));
  }); // prettier-ignore
});

describe('a grid of long profiles', () => {
  const profiles = (count: number): string =>
    list(count, (i) => `[${i + 1}${', 1'.repeat(299)}], `);

  it('is held against its exclusions without writing the profiles out each time', () => {
    const text = `version: 1\nname: s\ngrids: [{name: g, lambda: 1, seed: {from: 1, to: 100, step: 1}, samples: [${profiles(100)}], exclude: [{samples: [${profiles(100)}]}]}]`;
    const seconds = secondsOf(() => {
      expect(problemsOf(text)).toMatchObject([{ message: 'leaves no point of the grid' }]);
    });
    // A million comparisons, of which each took 20 microseconds and more.
    expect(seconds).toBeLessThan(10);
  });

  it('of a thousand classes is looked at for a while, and not for each of a hundred thousand points', () => {
    const text = 'version: 1\nname: s\ngrids: [{name: g, lambda: 1, classes: 1000, longTail: {largest: 1000, ratio: 10}, sampleScale: {from: 1, to: 2, points: 100000}}]'; // prettier-ignore
    const seconds = secondsOf(() => {
      expect(problemsOf(text)).toEqual([]);
    });
    expect(seconds).toBeLessThan(10);
  });
});
