import { formatProblems, parseStudy } from '../../study/parse.js';
import type { StudyProblem } from '../../study/problems.js';
import type { Grid, Study } from '../../study/study.js';

/** A study file with one grid `g` that has these lines. */
export function studyText(...gridLines: string[]): string {
  return [
    'version: 1',
    'name: s',
    'grids:',
    '  - name: g',
    ...gridLines.map((line) => `    ${line}`),
    '',
  ].join('\n');
}

/** The study that a text says; a text that has problems is a mistake of the test. */
export function studyOf(text: string): Study {
  const parsed = parseStudy(text, 'study.yaml');
  if (!parsed.ok) throw new Error(formatProblems('study.yaml', parsed.problems));
  return parsed.study;
}

/** The only grid of a study with these lines. */
export function gridOf(...gridLines: string[]): Grid {
  return studyOf(studyText(...gridLines)).grids[0]!;
}

/** What is wrong with a text; none when it is a study. */
export function problemsOf(text: string): readonly StudyProblem[] {
  const parsed = parseStudy(text, 'study.yaml');
  return parsed.ok ? [] : parsed.problems;
}
