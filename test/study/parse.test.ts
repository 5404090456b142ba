import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProblems, parseStudy } from '../../study/parse.js';
import { problemsOf, studyOf, studyText } from './studies.js';

const BASE = ['classes: 10', 'majorityClasses: 5', 'majoritySamples: 500', 'minoritySamples: 100'];
const problemsIn = (...lines: string[]) => problemsOf(studyText(...lines));

describe('a file with many mistakes', () => {
  const text = readFileSync(new URL('mistakes.yaml', import.meta.url), 'utf8');
  const expected = text.split('\n').flatMap((line, i) => {
    const code = /# mistake: (\S+)/.exec(line)?.[1];
    return code === undefined ? [] : [`line ${i + 1}: ${code}`];
  });

  it('gives every mistake once, at its line, with its kind', () => {
    expect(expected.length).toBeGreaterThan(25);
    expect(problemsOf(text).map(({ line, code }) => `line ${line}: ${code}`)).toEqual(expected);
  });

  it('says for each where it is, what is wrong and what to write instead', () => {
    expect(formatProblems('mistakes.yaml', problemsOf(text))).toMatchSnapshot();
  });
});

describe('a study', () => {
  it('has every default filled in', () => {
    const study = studyOf(studyText(...BASE, 'lambda: 0.01'));
    expect(study.solver).toEqual({ kind: 'tensor', tolerance: 1e-6, polish: true });
    expect(study.shardSize).toBe('auto');
    expect(study.grids[0]).toEqual({
      name: 'g',
      fixed: {
        classes: 10,
        majorityClasses: 5,
        majoritySamples: 500,
        minoritySamples: 100,
        lambda: 0.01,
        lambdaB: 'none',
        form: 'class-means',
        seed: 1,
      },
      axes: [],
      exclude: [],
      locate: null,
      fitLimit: null,
    });
  });

  it('survives JSON', () => {
    const study = studyOf(studyText(...BASE, 'lambda: [0.01, 0.02]', 'locate: {along: lambda}'));
    expect(JSON.parse(JSON.stringify(study))).toEqual(study);
  });

  it('orders its axes by name and not by the file, so that the order of keys means nothing', () => {
    const lines = ['seed: [1, 2]', 'lambda: [0.1, 0.2]', 'classes: [10, 12]', ...BASE.slice(1)];
    const study = studyOf(studyText(...lines));
    expect(study).toEqual(studyOf(studyText(...lines.toReversed())));
    expect(study.grids[0]!.axes.map(({ names }) => names)).toEqual([
      ['classes'],
      ['lambda'],
      ['seed'],
    ]);
  });

  it('lets the names of a grid win over the defaults, and over defaults that say the same in another way', () => {
    const study = studyOf(`
version: 1
name: s
defaults: {classes: 10, majorityClasses: 5, majoritySamples: 500, minoritySamples: 100, lambda: 0.01, seed: [1, 2]}
grids:
  - {name: own-lambda, lambdaTimesN: 0.1, seed: 3}
  - {name: own-samples, imbalanceRatio: 2, majoritySamples: 50}
  - {name: own-clusters, clusters: [[2, 50], [3, 10]]}
  - {name: own-tail, longTail: {largest: 500, ratio: 100}}
`);
    const names = study.grids.map(({ fixed }) =>
      Object.keys(fixed).filter((name) => !/B$|form/.test(name)),
    );
    const twoClusters = ['classes', 'majorityClasses', 'majoritySamples'];
    expect(names).toEqual([
      [...twoClusters, 'minoritySamples', 'lambdaTimesN', 'seed'],
      [...twoClusters, 'imbalanceRatio', 'lambda'],
      ['clusters', 'lambda'],
      ['classes', 'longTail', 'lambda'],
    ]);
  });

  it('steps zipped names together', () => {
    const study = studyOf(
      studyText(
        ...BASE.slice(0, 2),
        'majoritySamples: [10, 20]',
        'minoritySamples: [1, 4]',
        'lambda: 1',
        'zip: [majoritySamples, minoritySamples]',
      ),
    );
    expect(study.grids[0]!.axes).toEqual([
      {
        names: ['majoritySamples', 'minoritySamples'],
        steps: [
          { majoritySamples: 10, minoritySamples: 1 },
          { majoritySamples: 20, minoritySamples: 4 },
        ],
      },
    ]);
  });

  it('tells a value that is a list from a list of values', () => {
    const axesOf = (line: string) => studyOf(studyText(line, 'lambda: 1')).grids[0]!;
    expect(axesOf('clusters: [[5, 10], [5, 1]]').fixed.clusters).toEqual([
      [5, 10],
      [5, 1],
    ]);
    expect(axesOf('clusters: [[[5, 10]], [[5, 2]]]').axes[0]!.steps).toHaveLength(2);
    expect(axesOf('samples: [3, 2, 1]').fixed.samples).toEqual([3, 2, 1]);
    expect(axesOf('samples: [[3, 2], [2, 1]]').axes[0]!.steps).toEqual([
      { samples: [3, 2] },
      { samples: [2, 1] },
    ]);
  });
});

describe('problems', () => {
  it('point at the key for keys and at the value for values', () => {
    const [key] = problemsIn(...BASE, 'lamda: 1');
    expect(key).toMatchObject({ path: ['grids', 0, 'lamda'], line: 9, column: 5 });
    const [value] = problemsIn(...BASE, 'lambda: -1');
    expect(value).toMatchObject({ path: ['grids', 0, 'lambda'], line: 9, column: 13 });
  });

  it('of an aliased value point at the alias', () => {
    const text = 'version: 1\nname: &x a b\ngrids: [{name: *x, lambda: 1, samples: [2, 1]}]\n';
    expect(problemsOf(text)).toMatchObject([
      { path: ['name'], line: 2, column: 10 },
      { path: ['grids', 0, 'name'], line: 3, column: 16 },
    ]);
  });

  it.each([
    ['lambda_times_n: 1', 'lambdaTimesN'],
    ['lambda-times-n: 1', 'lambdaTimesN'],
    ['LAMBDA: 1', 'lambda'],
    ['lamdba: 1', 'lambda'],
    ['fit_limit: {along: majoritySamples}', 'fitLimit'],
    ['d: 10', 'featureDimension'],
  ])('suggest for `%s` the name %s', (line, name) => {
    const lines = name.startsWith('lambda') ? BASE : [...BASE, 'lambda: 1'];
    expect(problemsIn(...lines, line)).toMatchObject([
      { code: 'unknown-key', message: `unknown key; did you mean \`${name}\`?` },
    ]);
  });

  it('of a key in the wrong place say the right place', () => {
    const [problem] = problemsIn(...BASE, 'lambda: 1', 'shardSize: 10');
    expect(problem!.message).toContain('top of the file');
  });

  it.each([
    ['lambda: 0', 'must be above 0, not 0'],
    ['lambda: .inf', 'must be a number'],
    ['lambda: .nan', 'must be a number'],
    ['lambda: "0.1"', 'must be a number, a range {from, to, step | points} or a list, not "0.1"'],
    ['lambda:', 'not empty'],
    ['lambda: []', 'must have an entry'],
    ['lambda: {from: 1, to: 2}', 'needs either `step` or `points`'],
    ['lambda: {from: 1, to: 2, step: 1, points: 2}', 'needs either `step` or `points`'],
    ['lambda: {from: 1, to: 2, step: 1, scale: log}', '`scale` goes with `points`'],
    ['lambda: {from: 1, to: 2, step: 1.0e-9}', 'at most 100000 values'],
    ['lambda: {from: 1, to: 2, points: 1}', 'must be at least 2, not 1'],
    ['lambda: {from: 1, too: 2, points: 3}', 'unknown key; did you mean `to`?'],
  ])('say what is wrong with `%s`', (line, message) => {
    const messages = problemsIn(...BASE, line).map((problem) => problem.message);
    expect(
      messages.some((text) => text.includes(message)),
      messages.join('\n'),
    ).toBe(true);
  });

  it.each([
    ['seed: -1'],
    ['seed: 4294967296'],
    ['seed: 1.5'],
    ['featureDimension: 0'],
    ['lambdaB: -0.1'],
    ['lambdaB: nothing'],
    ['form: mean'],
    ['sampleScale: 0'],
    ['classes: 1001'],
    ['majoritySamples: 1000000000001'],
    ['minoritySamples: 0'],
    ['zip: [lambda]'],
    ['exclude: [{}]'],
    ['locate: {along: seed}'],
    ['locate: {along: majoritySamples, tolerance: 0}'],
  ])('forbid `%s`', (line) => {
    const name = line.split(':')[0]!;
    const lines = [
      ...BASE.filter((base) => !base.startsWith(`${name}:`)),
      'lambda: [0.1, 0.2]',
      line,
    ];
    expect(problemsIn(...lines)).toHaveLength(1);
  });

  it('are found in a majority that is not smaller than the classes, unless such points are excluded', () => {
    const lines = ['classes: [4, 8]', 'majorityClasses: [2, 4]', ...BASE.slice(2), 'lambda: 1'];
    expect(problemsIn(...lines)).toMatchObject([
      { code: 'impossible', path: ['grids', 0, 'majorityClasses'] },
    ]);
    expect(problemsIn(...lines, 'exclude: [{classes: 4, majorityClasses: 4}]')).toEqual([]);
  });

  it('are found in a ratio that leaves a class without samples, however many points surround it', () => {
    const [problem, ...others] = problemsIn(
      ...BASE.slice(0, 3),
      'imbalanceRatio: [1, 2000]',
      'lambda: {from: 1, to: 2, points: 50000}',
    );
    expect(problem).toMatchObject({ code: 'impossible', path: ['grids', 0, 'imbalanceRatio'] });
    expect(others).toEqual([]);
  });

  it('are found in features that no machine holds', () => {
    const lines = ['clusters: [[10, 1000000]]', 'lambda: 1', 'form: per-sample'];
    expect(problemsIn(...lines)).toMatchObject([
      { code: 'impossible', path: ['grids', 0, 'form'] },
    ]);
  });

  it('are found in grids of more points than a study can hold', () => {
    const axis = '{from: 1, to: 2, points: 4000}';
    expect(problemsIn(...BASE, `lambdaW: ${axis}`, `lambdaH: ${axis}`)).toMatchObject([
      {
        code: 'too-large',
        message:
          'has 16,000,000 points (`lambdaW` 4,000 x `lambdaH` 4,000); a grid has at most 10,000,000',
      },
    ]);
  });

  it('are found in grids that together list more values than fit into memory, before they are written out', () => {
    const grids = Array.from({ length: 100 }, (_, i) => `  - {name: g${i}, lambda: 1}`).join('\n');
    const defaults = 'defaults: {seed: {from: 1, to: 100000, step: 1}}';
    const parsed = parseStudy(`version: 1\nname: x\n${defaults}\ngrids:\n${grids}`, 'x.yaml');
    expect(parsed).toMatchObject({ ok: false, problems: [{ code: 'too-large', path: ['grids'], line: 5 }] }); // prettier-ignore
  });

  it('are found in an exclusion of no point, among as many as a grid may have', () => {
    const seeds = 'seed: {from: 1, to: 100000, step: 1}';
    const exclude = (last: number) =>
      `exclude: [${Array.from({ length: 99 }, (_, i) => `{seed: ${i + 1}}`).join(', ')}, {seed: ${last}}]`; // prettier-ignore
    expect(problemsIn(...BASE, 'lambda: 1', seeds, exclude(100_000))).toEqual([]);
    expect(problemsIn(...BASE, 'lambda: 1', seeds, exclude(100_001))).toMatchObject([
      { code: 'axis', message: 'no point of the grid has seed=100001' },
    ]);
  });

  it('are found in exclusions that are too many, by themselves or for the points of the grid', () => {
    const seeds = (count: number) => `seed: {from: 1, to: ${count}, step: 1}`;
    const exclude = (entries: number) =>
      `exclude: [${Array.from({ length: entries }, (_, i) => `{${seeds(5000)}, lambda: ${i + 1}}`).join(', ')}]`;
    const lambda = 'lambda: {from: 1, to: 1000, step: 1}';
    expect(problemsIn(...BASE, lambda, seeds(5000), exclude(3))).toMatchObject([
      { message: 'must list at most 10000 combinations, not 15000' },
    ]);
    expect(problemsIn(...BASE, lambda, seeds(5000), exclude(2))).toMatchObject([
      { code: 'too-large', path: ['grids', 0, 'exclude'] },
    ]);
  });

  it('are found in a bracket along an axis with words, and along a zipped one', () => {
    expect(
      problemsIn(...BASE, 'lambda: 1', 'lambdaB: [none, 0.1]', 'locate: {along: lambdaB}'),
    ).toMatchObject([{ code: 'axis' }]);
    const zipped = [
      'lambdaW: [1, 2]',
      'lambdaH: [1, 2]',
      'zip: [[lambdaW, lambdaH]]',
      'locate: {along: lambdaW}',
    ];
    expect(problemsIn(...BASE, ...zipped)).toMatchObject([{ code: 'axis' }]);
  });

  it('name the file, so that a caller can show them as they are', () => {
    const parsed = parseStudy('version: 1', 'here.yaml');
    expect(parsed).toMatchObject({ ok: false, fileName: 'here.yaml' });
  });
});
