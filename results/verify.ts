import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CheckedRows, type LocalFile, type MissingPoint } from './checked-rows.js';
import { checkPages } from './checked-pages.js';
import { currentPlans } from './current-plans.js';
import { openDatabase } from './database.js';
import { openDuckDB } from './duckdb.js';
import { checkParts, without, type CheckedFiles, type Problem } from './intact-files.js';
import type { StudyVersion } from './paths.js';
import { latestVersion, loadStudy } from './studies.js';
import type { Store } from './store.js';
import { unreadableFiles } from './unreadable-files.js';

/** Whether a study is complete and every byte of it as it was written. JSON-safe. */
export interface Verification {
  /** Every point is there exactly once, and no file of this program has a problem. False when nothing was planned yet. */
  readonly ok: boolean;
  readonly study: string;
  readonly specHash: string;
  /** Of the points; null when nothing was planned yet. */
  readonly numericalVersion: number | null;
  readonly points: {
    /** One a point of a grid, in all rounds planned so far. */
    readonly expected: number;
    readonly present: number;
    readonly missing: number;
    /** Points of which more than one row counts: none, as long as the views do what they say. */
    readonly duplicate: number;
    /** Points with rows that rule each other out: the lower bound of one is above the objective of another. */
    readonly contradicting: number;
    /** Rows that do not count, since another row of their point does; see docs/decisions/equal-points.md. */
    readonly superseded: number;
    /** Rows of this study that an older numerical version has solved, which do not count. */
    readonly older: number;
    /** Points that are present, with the status `failed` or `diverged`. */
    readonly failed: number;
  };
  /** Of the whole store, since its studies share them. */
  readonly parts: {
    readonly total: number;
    /** Paths of parts whose bytes are not as written, or whose columns are of another version. */
    readonly corrupt: readonly string[];
    /** Paths of parts that hold other points than their name says. */
    readonly misnamed: readonly string[];
  };
  readonly plans: { readonly total: number; readonly corrupt: readonly string[] };
  /** The first thousand of them. */
  readonly missing: readonly MissingPoint[];
  /** What is wrong with each file; files of somebody else are among them, and no fault. */
  readonly problems: readonly Problem[];
}

/** Missing points that are listed; all are counted. */
const MOST_LISTED = 1000;

/**
 * Checks a study: its points against its plans, its files against their checksums and names. Reads every byte of the parts and
 * believes no catalog; its memory does not grow with the store.
 *
 * @param specHash The latest version by default.
 * @throws Error when the store has no such study.
 */
export async function verifyStudy(
  store: Store,
  study: string,
  specHash?: string,
): Promise<Verification> {
  const version = specHash === undefined ? await latestVersion(store, study) : { study, specHash };
  if (version === null) throw new Error(`the store ${store.url} has no study ${study}`);
  await loadStudy(store, version);
  const direct = store.direct();
  const current = await currentPlans(direct, version);
  const { numericalVersion } = current;
  const checked = {
    parts: await checkParts(direct),
    plans: await checkPages(direct, version, current),
  };
  const { parts, plans, rows } = await countedRows(direct, checked, {
    ...version,
    numericalVersion,
  });
  const { counts, misnamed, older, missing } = rows;
  const damaged = parts.problems.length + plans.problems.length;
  const points = {
    ...counts,
    older,
    missing: counts.expected - counts.present,
    duplicate: await countDuplicates(store, version),
  };
  const complete = points.expected > 0 && points.missing === 0;
  const single = points.duplicate === 0 && points.contradicting === 0;
  return {
    ok: complete && single && misnamed.length === 0 && damaged === 0,
    ...version,
    numericalVersion,
    points,
    parts: {
      total: parts.intact.length + parts.problems.length,
      corrupt: parts.problems.map(({ path }) => path),
      misnamed,
    },
    plans: {
      total: plans.intact.length + plans.problems.length,
      corrupt: plans.problems.map(({ path }) => path),
    },
    missing,
    problems: [parts, plans].flatMap(({ problems, foreign }) => [...problems, ...foreign]),
  };
}

interface Checked {
  readonly parts: CheckedFiles;
  readonly plans: CheckedFiles;
}

/** Counts the rows of what is intact; files under a forged seal, which only a reader finds, are left out. */
async function countedRows(
  store: Store,
  checked: Checked,
  study: Parameters<typeof CheckedRows.of>[3],
) {
  const { parts, plans } = checked;
  const files = await localFiles(store, [...parts.intact, ...plans.intact]);
  const duckdb = await openDuckDB();
  const { connection } = duckdb;
  try {
    const of = ({ intact }: CheckedFiles) => intact.map((path) => files.get(path)!);
    const rows = await CheckedRows.of(connection, of(parts), of(plans), study);
    const { misnamed, older } = rows;
    return { parts, plans, rows: { ...(await rows.count(MOST_LISTED)), misnamed, older } };
  } catch (error) {
    const localPaths = [...files.values()].map(({ path, localPath }) => [path, localPath] as const);
    const found = await unreadableFiles(connection, new Map(localPaths));
    if (found.length === 0) throw error;
    const rest = { parts: without(parts, found), plans: without(plans, found) };
    return await countedRows(store, rest, study);
  } finally {
    duckdb.close();
  }
}

async function localFiles(
  store: Store,
  paths: readonly string[],
): Promise<ReadonlyMap<string, LocalFile>> {
  const files = new Map<string, LocalFile>();
  for (const path of paths) {
    const localPath = resolve(await store.localPath(path));
    files.set(path, { path, localPath, bytes: (await stat(localPath)).size });
  }
  return files;
}

/** Points for which the views show more than one row: what everybody reads is held to its promise. */
async function countDuplicates(store: Store, version: StudyVersion): Promise<number> {
  const database = await openDatabase(store, version);
  try {
    const [count] = await database.query<{ duplicate: number }>(`
      WITH repeated AS (
        SELECT hash(point_key) AS key_hash FROM landed GROUP BY key_hash HAVING count(*) > 1)
      SELECT count(*) AS duplicate FROM points SEMI JOIN (
        SELECT point_key FROM landed WHERE hash(point_key) IN (SELECT key_hash FROM repeated)
        GROUP BY point_key HAVING count(*) > 1) USING (point_key)`);
    return count!.duplicate;
  } finally {
    database.close();
  }
}
