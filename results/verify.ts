import { openDatabase, type Database } from './database.js';
import type { Problem } from './intact-files.js';
import { misnamedParts } from './misnamed-parts.js';
import type { StudyVersion } from './paths.js';
import { latestVersion, loadStudy } from './studies.js';
import type { Store } from './store.js';

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
  readonly missing: readonly MissingPoint[];
  /** What is wrong with each file; files of somebody else are among them, and no fault. */
  readonly problems: readonly Problem[];
}

/** A point that was planned and has no row. */
export interface MissingPoint {
  readonly grid: string;
  readonly coordinates: string;
  readonly point_key: string;
}

/**
 * Checks a study: its points against its plans, its files against their checksums and names.
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
  const database = await openDatabase(store.direct(), version);
  try {
    return await verify(database, version);
  } finally {
    database.close();
  }
}

async function verify(database: Database, version: StudyVersion): Promise<Verification> {
  const { parts, plans, problems } = database;
  const { numericalVersion } = database.current;
  await database.query(CHECKED);
  const [counts] = await database.query<Omit<Verification['points'], 'missing'>>(COUNTS, {
    specHash: version.specHash,
    numericalVersion,
  });
  const missing = await database.query<MissingPoint>(MISSING);
  const points = { ...counts!, missing: missing.length };
  const misnamed = await misnamedParts(database);
  const damaged = parts.problems.length + plans.problems.length;
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
    problems,
  };
}

// What the checks need of the rows, once: a scan of thousands of parts takes seconds.
const CHECKED = `
  CREATE TABLE checked AS
  SELECT point_key, status, objective, lower_bound, filename, file_row_number,
    (filename, file_row_number) IN (SELECT (filename, file_row_number) FROM superseded) AS is_superseded
  FROM part_rows`;

const COUNTS = `
  SELECT
    (SELECT count(*) FROM points) AS expected,
    (SELECT count(*) FROM points SEMI JOIN checked USING (point_key)) AS present,
    (SELECT count(*) FROM points SEMI JOIN (
      SELECT point_key FROM checked WHERE NOT is_superseded
      GROUP BY point_key HAVING count(*) > 1) USING (point_key)) AS duplicate,
    (SELECT count(*) FROM points SEMI JOIN (
      SELECT point_key FROM checked WHERE status IN ('certified', 'uncertified')
      GROUP BY point_key HAVING max(lower_bound) > min(objective)) USING (point_key)) AS contradicting,
    (SELECT count(*) FROM checked SEMI JOIN points USING (point_key) WHERE is_superseded) AS superseded,
    (SELECT count(*) FROM part_rows
      WHERE spec_hash = $specHash AND numerical_version < $numericalVersion::INTEGER) AS older,
    (SELECT count(*) FROM points JOIN checked USING (point_key)
      WHERE NOT is_superseded AND status IN ('failed', 'diverged')) AS failed`;

const MISSING = `
  SELECT grid, coordinates, point_key FROM points ANTI JOIN checked USING (point_key)
  ORDER BY grid, round, coordinates`;
