import { readDocument } from './document.js';
import { formatProblem, type ProblemCode, type StudyProblem } from './problems.js';
import { resolveStudy } from './resolve.js';
import type { Study } from './study.js';

/** How many problems of a file are shown. */
const MOST_SHOWN = 50;

/** A study, or everything that is wrong with its file. */
export type ParsedStudy =
  | { readonly ok: true; readonly study: Study }
  | {
      readonly ok: false;
      readonly fileName: string;
      /** By line; never empty. */
      readonly problems: readonly StudyProblem[];
    };

/** Reads the text of a study file. What is wrong with it is a value, not an exception, and told all at once. */
export function parseStudy(text: string, fileName: string): ParsedStudy {
  const document = readDocument(text);
  if (document.value === undefined) return { ok: false, fileName, problems: document.problems };
  const resolved = resolveStudy(document.value);
  if (resolved.ok && document.problems.length === 0) return resolved;

  const findings = resolved.ok ? [] : resolved.findings;
  const located = findings.map(({ code, message, path, at }): StudyProblem => {
    return { code, message, path, ...document.positionOf(path, at) };
  });
  const problems = [...document.problems, ...trustworthy(located, document.problems)];
  problems.sort((left, right) => left.line - right.line || left.column - right.column);
  return { ok: false, fileName, problems };
}

/** The first problems of a file, a line each, and how many more there are. */
export function formatProblems(fileName: string, problems: readonly StudyProblem[]): string {
  const shown = problems.slice(0, MOST_SHOWN).map((problem) => formatProblem(fileName, problem));
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** Where the text is broken, what follows may be read wrongly, and what is missing may stand there. */
function trustworthy(
  located: readonly StudyProblem[],
  inText: readonly StudyProblem[],
): StudyProblem[] {
  const broken = inText.reduce(
    (first, { code, line }) => (code === 'syntax' ? Math.min(first, line) : first),
    Infinity,
  );
  const absences: readonly ProblemCode[] = ['missing-key', 'underdetermined'];
  return broken === Infinity
    ? [...located]
    : located.filter(({ code, line }) => line < broken && !absences.includes(code));
}
