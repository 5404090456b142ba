import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ANALYSIS_COLUMNS } from '../../analysis/parquet.js';
import { COLUMNS } from '../../results/columns.js';
import type { Column } from '../../results/columns/column.js';
import { PLAN_COLUMNS } from '../../results/plan-file.js';
import { RESULTS_COLUMNS } from '../../results/views.js';

const page = await readFile('docs/results.md', 'utf8');

/** The rows of a table under a heading, without its header, as cells; a cell has `\|` for a bar. */
function tableUnder(heading: string): string[][] {
  const section = page.split(/^###? /m).find((text) => text.startsWith(heading))!;
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('the documentation of the results', () => {
  it('has every column of a part, as the code has it', () => {
    const expected = COLUMNS.map(({ name, type, nullable, unit, range, formula, meaning }) =>
      [`\`${name}\``, `\`${type}${nullable ? '?' : ''}\``, unit, range, formula, meaning].map(
        (cell) => cell.replaceAll('|', '\\|'),
      ),
    );
    expect(tableUnder('The columns of a part')).toEqual(expected);
  });

  it('says unit, range, formula and meaning of every column', () => {
    for (const { name, unit, range, formula, meaning } of COLUMNS as readonly Column[]) {
      expect(
        [unit, range, formula].every((text) => text.length > 0),
        name,
      ).toBe(true);
      expect(meaning.length, name).toBeGreaterThan(7);
    }
  });

  it('has the columns that the view of the results has before those of a part', () => {
    const own = RESULTS_COLUMNS.slice(0, RESULTS_COLUMNS.length - COLUMNS.length);
    const documented = tableUnder('The view results');
    expect(documented.map(([name, type]) => [name, type])).toEqual(
      own.map(({ name, type }) => [`\`${name}\``, `\`${type}\``]),
    );
  });

  it.each(Object.entries(ANALYSIS_COLUMNS))('has every column of %s', (file, columns) => {
    const documented = tableUnder(file).map(([name, type]) => [name, type?.replace('?', '')]);
    expect(documented).toEqual(columns.map(({ name, type }) => [`\`${name}\``, `\`${type}\``]));
  });

  it.each(['The view results', ...Object.keys(ANALYSIS_COLUMNS)])(
    'says unit, range and meaning of every column of %s',
    (heading) => {
      for (const cells of tableUnder(heading)) {
        expect(cells).toHaveLength(5);
        expect(cells.includes(''), cells[0]).toBe(false);
      }
    },
  );

  it('has every column of a plan', () => {
    const documented = tableUnder('Plans').map(([name, type]) => [name, type]);
    expect(documented).toEqual(
      PLAN_COLUMNS.map(({ name, type }) => [`\`${name}\``, `\`${type}\``]),
    );
  });

  it('names every column once, in snake_case', () => {
    const names = COLUMNS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name))).toEqual([]);
  });
});
