import { readFileSync } from 'node:fs';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { expandGrid } from '../../study/expand.js';
import { parseStudy } from '../../study/parse.js';

const text = readFileSync(new URL('../../examples/minority-collapse.yaml', import.meta.url), 'utf8')
  .replaceAll(/ *#.*$/gm, '')
  .replaceAll(/\n\n+/g, '\n');
const tokens = text.match(/[\w.-]+|\s+|./g)!;
const WORDS = [
  '-1',
  '0',
  '1e999',
  'null',
  '~',
  '[]',
  '{}',
  ': ',
  '\n',
  '*x',
  '&x ',
  '<<',
  '__proto__',
  '"',
  '- ',
  '|',
];

describe('a text with random damage', () => {
  it('is a study that expands, or problems with places in it, and never an exception', () => {
    const random = xoroshiro128plus(7);
    const pick = <T>(values: readonly T[]): T => values[uniformInt(random, 0, values.length - 1)]!;
    let studies = 0;
    for (let trial = 0; trial < 400; trial++) {
      const damaged = [...tokens];
      for (let hits = uniformInt(random, 1, 3); hits > 0; hits--) {
        const at = uniformInt(random, 0, damaged.length - 1);
        damaged.splice(at, uniformInt(random, 0, 2), pick([pick(WORDS), pick(tokens), '']));
      }
      const broken = damaged.join('');
      const parsed = parseStudy(broken, 'broken.yaml');
      if (parsed.ok) {
        studies += 1;
        for (const grid of parsed.study.grids) Array.from(expandGrid(parsed.study, grid));
        continue;
      }
      const lines = broken.split('\n');
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const { line, column, message } of parsed.problems) {
        expect(line >= 1 && line <= lines.length && column >= 1, broken).toBe(true);
        expect(message).not.toBe('');
      }
      const order = parsed.problems.map(({ line }) => line);
      expect(order).toEqual(order.toSorted((left, right) => left - right));
    }
    expect(studies).toBeGreaterThan(10);
  });

  it.each(['{toString: 1}', '[{toString: 1}]', '{[x]: 2}'])(
    'tells of a grid whose name is %s',
    (name) => {
      const grid = `{ name: ${name}, clusters: [[5, 500], [5, 100]], lambdaW: 0.1, lambdaH: 0.1 }`;
      const parsed = parseStudy(`version: 1\nname: s\ngrids:\n  - ${grid}\n`, 's.yaml');
      expect(parsed).toMatchObject({ ok: false });
    },
  );
});
