import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../cli/command.js';

describe('docs/safety.md', () => {
  it('names for each of its rows a test that is there', async () => {
    const page = await readFile(projectFile('docs/safety.md'), 'utf8');
    expect(claims(page).length).toBeGreaterThan(9);
    expect(claims(page).flatMap(problems)).toEqual([]);
  });

  it.each([
    ['nothing', '', 'a name: no test'],
    ['a test in words', 'every test', 'a name: no test'],
    ['a file that is no test', '`docs/safety.md`', 'a name: docs/safety.md is no test'],
    ['a test that is gone', '`test/gone.test.ts`', 'a name: no file test/gone.test.ts'],
    [
      'a test that is gone beside another',
      '`test/docs/safety.test.ts`, `test/gone.test.ts`',
      'a name: no file test/gone.test.ts',
    ],
  ])('is refused with a row that names %s', (_, shownBy, problem) => {
    const page = `| comes from outside | shown by |\n|---|---|\n| a name | ${shownBy} |\n`;
    expect(claims(page).flatMap(problems)).toEqual([problem]);
  });

  it('is refused with a table that has no column for tests', () => {
    const page = '| comes from outside | can do |\n|---|---|\n| a name | nothing |\n';
    expect(claims(page).flatMap(problems)).toEqual(['a name: no test']);
  });

  it('names no file that is not there', async () => {
    const page = await readFile(projectFile('docs/safety.md'), 'utf8');
    const files = [...page.matchAll(/[\w./-]+\/[\w.-]+\.(?:ts|md|mjs|yaml|json)\b/g)].map(
      ([file]) => file,
    );
    expect(files.filter((file) => !existsSync(projectFile(file)))).toEqual([]);
  });
});

/** A row of a table: what it is about, and the tests that it names. */
interface Claim {
  about: string;
  shownBy: string;
}

/** The rows of all tables of a page. */
function claims(page: string): Claim[] {
  const tables = [...page.matchAll(/^\|.*\n\|[-|: ]+\|\n((?:\|.*\n?)*)/gm)];
  return tables.flatMap(([table]) => {
    const [header, , ...rows] = table.trim().split('\n').map(cells);
    const column = header!.indexOf('shown by');
    return rows.map((row) => ({ about: row[0]!, shownBy: row[column] ?? '' }));
  });
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** What is wrong with the tests that a row names. */
function problems({ about, shownBy }: Claim): string[] {
  const files = [...shownBy.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
  if (files.length === 0) return [`${about}: no test`];
  return files.flatMap((file) => {
    if (!/^test\/.+\.test\.ts$/.test(file)) return [`${about}: ${file} is no test`];
    return existsSync(projectFile(file)) ? [] : [`${about}: no file ${file}`];
  });
}
