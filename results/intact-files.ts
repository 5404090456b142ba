import type { ColumnShape } from './arrow-values.js';
import { COLUMNS } from './columns.js';
import { unreadable } from './parquet.js';
import { isPartPath, PARTS_FOLDER } from './paths.js';
import { sideBySide } from './side-by-side.js';
import type { FileDetails, Store } from './store.js';
import { requireNotLarger, LARGEST_FILE, UnusableFile } from './unusable-file.js';

/** A file that cannot be used, and why. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

/** The files of a folder, checked byte by byte. Each list is sorted. */
export interface CheckedFiles {
  /** Paths in the store of those that can be used. */
  readonly intact: readonly string[];
  /** Files of this program in which something is wrong. */
  readonly problems: readonly Problem[];
  /** Files of somebody else: no fault of the store's, and none of its business. */
  readonly foreign: readonly Problem[];
}

export const NO_FILES: CheckedFiles = { intact: [], problems: [], foreign: [] };

/** What was found intact, by path: the version of each file. */
export type Trusted = Map<string, string>;

/** What is checked for, and which files are ours. */
export interface KindOfFile {
  readonly shapes: readonly ColumnShape[];
  readonly isOurs: (path: string) => boolean;
  /** Which of ours are looked at; all by default. */
  readonly counts?: (path: string) => boolean;
}

/** Above this many bytes files are read one after the other. */
const LARGE = 8_000_000;

/**
 * Checks every Parquet file below a folder for its name, its checksum and its columns. One damaged file spoils no other.
 *
 * @param trusted files that are not read again in the version that was found intact; those that are found are added
 */
export async function checkFiles(
  store: Store,
  folder: string,
  kind: KindOfFile,
  trusted: Trusted = new Map(),
): Promise<CheckedFiles> {
  const found = [...(await store.details(folder))].filter(([path]) => path.endsWith('.parquet'));
  const { isOurs, counts = isOurs } = kind;
  const ours = found.filter(([path]) => isOurs(path) && counts(path));
  const foreign = found.filter(([path]) => !isOurs(path)).map(([path]) => notOurs(path));
  const intact: string[] = [];
  const problems: Problem[] = [];
  const check = async ([path, details]: (typeof ours)[number]) => {
    const isKnown = trusted.get(path) === details.version;
    const reason = isKnown ? null : await reasonAgainst(store, path, details, kind.shapes);
    if (reason === null) {
      intact.push(path);
      trusted.set(path, details.version);
    } else {
      problems.push({ path, reason });
      trusted.delete(path);
    }
  };
  const isLarge = ([, { bytes }]: (typeof ours)[number]) => bytes > LARGE;
  await sideBySide(ours.filter((file) => !isLarge(file)), check); // prettier-ignore
  for (const file of ours.filter(isLarge)) await check(file);
  return { intact: intact.sort(), problems: problems.sort(byPath), foreign: foreign.sort(byPath) };
}

/** Reads every byte of all parts of a store, whatever a catalog says of them. */
export function checkParts(store: Store): Promise<CheckedFiles> {
  return checkFiles(store, PARTS_FOLDER, { shapes: COLUMNS, isOurs: isPartPath });
}

async function reasonAgainst(
  store: Store,
  path: string,
  { bytes: size }: FileDetails,
  shapes: readonly ColumnShape[],
): Promise<string | null> {
  try {
    requireNotLarger(path, size, LARGEST_FILE);
    const bytes = await store.read(path);
    return bytes === null ? 'the file has gone' : unreadable(bytes, shapes);
  } catch (error) {
    if (error instanceof UnusableFile) return error.reason;
    throw error;
  }
}

/** Files of which some were found not to be intact after all. */
export function without(
  { intact, problems, foreign }: CheckedFiles,
  found: readonly Problem[],
): CheckedFiles {
  const known = new Set(intact);
  const theirs = new Map(found.flatMap((problem) => known.has(problem.path) ? [[problem.path, problem]] : [])); // prettier-ignore
  return {
    foreign,
    intact: intact.filter((path) => !theirs.has(path)),
    problems: [...problems, ...theirs.values()].sort(byPath),
  };
}

/** What there is to say of a file that somebody else has named. */
export function notOurs(path: string): Problem {
  return { path, reason: 'its name is none that this program gives; it is left where it is' };
}

/** The order of problems. */
export function byPath(a: Problem, b: Problem): number {
  return a.path < b.path ? -1 : 1;
}
