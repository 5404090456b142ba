import type { DuckDBConnection } from '@duckdb/node-api';
import { COLUMNS } from './columns.js';
import type { ColumnShape } from './arrow-values.js';
import { shardOf } from './paths.js';
import { PLAN_COLUMNS } from './plan-file.js';
import { slicesOf } from './slices.js';
import { scan } from './views.js';

/** A file, where it lies on this machine's file system. */
export interface LocalFile {
  readonly path: string;
  readonly localPath: string;
  readonly bytes: number;
}

/** What there is to count of the points of a study. */
export interface PointCounts {
  readonly expected: number;
  readonly present: number;
  readonly contradicting: number;
  readonly superseded: number;
  readonly failed: number;
}

/** A point that was planned and has no row. */
export interface MissingPoint {
  readonly grid: string;
  readonly coordinates: string;
  readonly point_key: string;
}

/** Rows and points of a slice of the key space: all that is joined or sorted at a time. */
const SLICE = 400_000;

/** Files that DuckDB opens at a time, and bytes of them. */
const AT_ONCE = { items: 256, bytes: 64_000_000 };

/**
 * The rows of parts and the points of plans, as narrow tables that DuckDB moves to the disk as it must, and what is counted of
 * them a slice of the key space at a time: memory does not grow with the store. A key is 128 bits here, as in the name of a part.
 */
export class CheckedRows {
  readonly #connection: DuckDBConnection;
  readonly #pages: readonly string[];
  readonly #slices: number;
  /** Paths of parts that hold other points than their names say. */
  readonly misnamed: readonly string[];
  /** Rows that an older numerical version has solved for the study. */
  readonly older: number;

  private constructor(
    connection: DuckDBConnection,
    pages: readonly string[],
    slices: number,
    { misnamed, older }: { readonly misnamed: readonly string[]; readonly older: number },
  ) {
    this.#connection = connection;
    this.#pages = pages;
    this.#slices = slices;
    this.misnamed = misnamed;
    this.older = older;
  }

  /**
   * Reads every row.
   *
   * @param study with the numerical version of its points; null when nothing was planned yet
   */
  static async of(
    connection: DuckDBConnection,
    parts: readonly LocalFile[],
    pages: readonly LocalFile[],
    study: { readonly specHash: string; readonly numericalVersion: number | null },
  ): Promise<CheckedRows> {
    // The footers of many thousand files would fill the memory.
    await connection.run('SET parquet_metadata_cache = false');
    await connection.run(TABLES);
    const misnamed: string[] = [];
    let older = 0;
    for (const some of slicesOf(parts, AT_ONCE)) {
      const rows = scan(some.map(({ localPath }) => localPath), READ); // prettier-ignore
      await connection.run(`CREATE OR REPLACE TEMP TABLE batch AS ${rows}`);
      const shards = await connection.runAndReadAll(SHARDS);
      const named = new Map(shards.getRowsJS() as [string, string][]);
      misnamed.push(...some.flatMap(({ path, localPath }) => (shardOf(path) === named.get(localPath) ? [] : [path]))); // prettier-ignore
      const before = await connection.runAndReadAll(OLDER, [
        study.specHash,
        study.numericalVersion,
      ]);
      older += before.getRowsJS()[0]![0] as number;
      await connection.run(ADD_ROWS);
    }
    await connection.run('DROP TABLE IF EXISTS batch');
    for (const some of slicesOf(pages, AT_ONCE)) {
      await connection.run(`INSERT INTO planned
        SELECT md5_number(point_key), md5_number(grid || chr(0) || coordinates)
        FROM (${scan(some.map(({ localPath }) => localPath), PLAN_COLUMNS)})`); // prettier-ignore
    }
    const count = await connection.runAndReadAll(
      'SELECT ((SELECT count(*) FROM checked) + (SELECT count(*) FROM planned))::DOUBLE',
    );
    const slices = Math.max(1, Math.ceil((count.getRowsJS()[0]![0] as number) / SLICE));
    const found = { misnamed: misnamed.sort(), older };
    return new CheckedRows(connection, pages.map(({ localPath }) => localPath), slices, found); // prettier-ignore
  }

  /**
   * @param most points that are listed of those that are missing, the first by grid, round and coordinates
   */
  async count(most: number): Promise<{ counts: PointCounts; missing: MissingPoint[] }> {
    const counts = { expected: 0, present: 0, contradicting: 0, superseded: 0, failed: 0 };
    const missing: (MissingPoint & { readonly round: number })[] = [];
    for (let slice = 0; slice < this.#slices; slice += 1) {
      const inSlice = `% ${this.#slices} = ${slice}`;
      const [found] = await this.#rows<PointCounts>(countsIn(inSlice));
      for (const name of Object.keys(counts) as (keyof PointCounts)[]) counts[name] += found![name];
      if (found!.present === found!.expected) continue;
      missing.push(...(await this.#rows<(typeof missing)[number]>(missingIn(this.#pages, inSlice, most)))); // prettier-ignore
    }
    missing.sort(
      (a, b) =>
        compare(a.grid, b.grid) || a.round - b.round || compare(a.coordinates, b.coordinates),
    );
    const first = missing.slice(0, most);
    return {
      counts,
      missing: first.map(({ grid, coordinates, point_key }) => ({ grid, coordinates, point_key })),
    };
  }

  async #rows<Row>(sql: string): Promise<Row[]> {
    return (await this.#connection.runAndReadAll(sql)).getRowObjectsJS() as Row[];
  }
}

const READ: readonly ColumnShape[] = COLUMNS.filter(({ name }) =>
  ['point_key', 'status', 'objective', 'lower_bound', 'spec_hash', 'numerical_version'].includes(
    name,
  ),
);

const TABLES = `
  CREATE TABLE checked(key UHUGEINT, ended UTINYINT, objective DOUBLE, lower_bound DOUBLE);
  CREATE TABLE planned(key UHUGEINT, place UHUGEINT)`;

const SHARDS = `
  SELECT filename, left(sha256(string_agg(point_key, chr(10) ORDER BY point_key)), 32)
  FROM batch GROUP BY filename`;

const OLDER = `
  SELECT count(*)::DOUBLE FROM batch WHERE spec_hash = $1 AND numerical_version < $2::INTEGER`;

const ADD_ROWS = `
  INSERT INTO checked
  SELECT md5_number(point_key),
    list_position(['certified', 'uncertified', 'diverged', 'failed'], status)::UTINYINT,
    objective, lower_bound
  FROM batch`;

function countsIn(inSlice: string): string {
  return `
    WITH wanted AS (SELECT DISTINCT key, place FROM planned WHERE key ${inSlice}),
    landed AS (
      -- The row that counts has ended best.
      SELECT key, count(*) - 1 AS superseded, min(ended) > 2 AS failed,
        max(lower_bound) FILTER (ended <= 2) > min(objective) FILTER (ended <= 2) AS contradicting
      FROM checked WHERE key ${inSlice} GROUP BY key)
    SELECT count(*)::DOUBLE AS expected, count(landed.key)::DOUBLE AS present,
      (count(*) FILTER (contradicting))::DOUBLE AS contradicting,
      (count(*) FILTER (failed))::DOUBLE AS failed,
      coalesce((SELECT sum(superseded) FROM landed SEMI JOIN wanted USING (key)), 0)::DOUBLE AS superseded
    FROM wanted LEFT JOIN landed USING (key)`;
}

function missingIn(pages: readonly string[], inSlice: string, most: number): string {
  return `
    SELECT grid, coordinates, point_key, min(round) AS round FROM (
      SELECT *, md5_number(point_key) AS key FROM (${scan(pages, PLAN_COLUMNS)}))
    WHERE key ${inSlice} AND key NOT IN (SELECT key FROM checked WHERE key ${inSlice})
    GROUP BY grid, coordinates, point_key ORDER BY grid, round, coordinates LIMIT ${most}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
