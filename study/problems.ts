/** Where something stands in a study file: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/**
 * What kind of mistake a problem is.
 *
 * - `syntax`, `duplicate-key`: the text is not the YAML that it seems to be.
 * - `unknown-key`, `missing-key`, `invalid-value`: one key or value by itself.
 * - `conflict`: names that say the same thing twice, or differently.
 * - `underdetermined`: a grid that leaves the class profile or lambda open.
 * - `axis`: `zip`, `exclude`, `locate` or `fitLimit` do not fit the axes of their grid.
 * - `impossible`: a point that describes no instance.
 * - `too-large`: more than a study can hold.
 */
export type ProblemCode =
  | 'syntax'
  | 'duplicate-key'
  | 'unknown-key'
  | 'missing-key'
  | 'invalid-value'
  | 'conflict'
  | 'underdetermined'
  | 'axis'
  | 'impossible'
  | 'too-large';

/** A mistake in a study, by what the study says; a document knows the line. */
export interface Finding {
  readonly code: ProblemCode;
  readonly path: Path;
  /** Reads on after the path: `must be above 0, not -1`. */
  readonly message: string;
  /** Which side of the path's last entry to point at. */
  readonly at: 'key' | 'value';
}

/** A mistake in a study file, where it stands. Lines and columns count from 1. */
export interface StudyProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly path: Path;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column: path: message`, as compilers and editors write it. */
export function formatProblem(file: string, problem: StudyProblem): string {
  const place = `${file}:${problem.line}:${problem.column}`;
  const path = formatPath(problem.path);
  return path === '' ? `${place}: ${problem.message}` : `${place}: ${path}: ${problem.message}`;
}

/** `grids[0].lambda`; empty for the whole file. Keys that are no words are quoted, and long ones shortened. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w-]{1,40}$/.test(part)) return `${text}[${JSON.stringify(part.slice(0, 40))}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
