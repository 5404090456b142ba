import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBResultReader, DuckDBValue } from '@duckdb/node-api';
import { openCatalog, type Catalog } from './catalog/catalog.js';
import { entriesIn, whereCounting } from './catalog/coverage.js';
import { hasOwnColumns } from './catalog/rows.js';
import { Scratch } from './catalog/scratch.js';
import { isSoundPack, setAside, ShelfChanged } from './catalog/shelf.js';
import { DamagedFileError } from './checksum.js';
import { openDuckDB, type OpenDuckDB } from './duckdb.js';
import { checkPages } from './checked-pages.js';
import { currentPlans, NOTHING_PLANNED, type CurrentPlans } from './current-plans.js';
import { NO_FILES, without, type CheckedFiles, type Problem, type Trusted } from './intact-files.js'; // prettier-ignore
import { legibleValue } from './legible-value.js';
import { LocalFiles } from './local-files.js';
import { inCatalog, packPath, volumePath, type StudyVersion } from './paths.js';
import { plainRow, type PlainRow } from './plain-row.js';
import { runReadOnly } from './read-only-statements.js';
import type { Store } from './store.js';
import { unreadableFiles } from './unreadable-files.js';
import {
  LANDED,
  PARTS,
  partRows,
  points,
  quote,
  RESULTS,
  superseded,
  wantedParts,
  type PartSources,
} from './views.js';

/** DuckDB, in memory, over the parts of a store. Close it after use. */
export class Database {
  /** The parts of the store: those in the views, and those left out. */
  readonly parts: CheckedFiles;
  /** The pages of the study's plans that count, likewise; none without a study. */
  readonly plans: CheckedFiles;
  /** Which these are, and of which numerical version. */
  readonly current: CurrentPlans;
  readonly #duckdb: OpenDuckDB;
  readonly #localPaths: ReadonlyMap<string, string>;

  /** @param localPaths of the files that are read, on this machine's file system, by their paths in the store */
  constructor(
    duckdb: OpenDuckDB,
    parts: CheckedFiles,
    plans: CheckedFiles,
    current: CurrentPlans,
    localPaths: ReadonlyMap<string, string>,
  ) {
    this.#duckdb = duckdb;
    this.parts = parts;
    this.plans = plans;
    this.current = current;
    this.#localPaths = localPaths;
  }

  /** Files that were left out of the views, and why. */
  get problems(): readonly Problem[] {
    const { parts, plans } = this;
    return [parts, plans].flatMap(({ problems, foreign }) => [...problems, ...foreign]);
  }

  /**
   * Rows as JavaScript has them: numbers, texts, booleans, `Date`s, arrays; a `bigint` only where a number would
   * not be exact.
   *
   * @param values Of the parameters $1, $2, ... or $name.
   * @throws Error with DuckDB's own words, and perhaps a hint, when the SQL is wrong; DamagedFileError that names the
   *   files that DuckDB stumbled over.
   */
  async query<Row = PlainRow>(
    sql: string,
    values: DuckDBValue[] | Record<string, DuckDBValue> = [],
  ): Promise<Row[]> {
    const reader = await this.#answered(this.#duckdb.connection.runAndReadAll(sql, values));
    return reader.getRowObjectsJS().map((row) => plainRow(row) as Row);
  }

  /**
   * As `query`, for what people ask: the answer to the last of their statements. Dates, times, bytes and the like are
   * the texts that DuckDB shows.
   *
   * @throws Error when the SQL is wrong, or does more than read.
   */
  async ask(sql: string): Promise<PlainRow[]> {
    const reader = await this.#answered(runReadOnly(this.#duckdb.connection, sql));
    return reader.convertRowObjects(legibleValue).map(plainRow);
  }

  /** As `query`, a batch of rows at a time, for what may not fit into memory. */
  async *batches<Row = PlainRow>(sql: string): AsyncGenerator<Row[]> {
    try {
      const result = await this.#duckdb.connection.stream(sql);
      for await (const rows of result.yieldRowObjectJs()) {
        yield rows.map((row) => plainRow(row) as Row);
      }
    } catch (error) {
      await this.#blameFiles(error);
      throw error;
    }
  }

  close(): void {
    this.#duckdb.close();
  }

  async #answered(running: Promise<DuckDBResultReader>): Promise<DuckDBResultReader> {
    return running.catch(async (error: unknown) => {
      await this.#blameFiles(error);
      throw withHint(error);
    });
  }

  /** @throws DamagedFileError when it is not the SQL that is wrong. */
  async #blameFiles(error: unknown): Promise<void> {
    if (/^(Parser|Binder|Catalog|Permission) Error/.test((error as Error).message)) return;
    const found = await unreadableFiles(this.#duckdb.connection, this.#localPaths);
    if (found.length === 0) return;
    const lines = found.map(({ path, reason }) => `${path}: ${reason}`);
    throw new DamagedFileError(
      `${lines.join('; ')}. Move it out of the store, then retry the study`,
    );
  }
}

export interface DatabaseOptions {
  /** Remembers which versions of files were found intact, for who opens the same store again and again. */
  readonly trusted?: Trusted;
  /** A file that queries may write; none other is in reach. */
  readonly output?: string;
  /** Whether none but `entries` is asked: to put the rows of a hundred thousand large parts in reach takes longer than all else. */
  readonly entriesAlone?: boolean;
}

/**
 * Opens the results of a store, or of one study in it. What parts there are, and what is in them, the catalog says: a part is
 * opened by queries for its rows, and to see what is in it where the catalog does not know it yet. A part that is damaged is left
 * out of the views and stands in `problems`. The views:
 *
 * - `entries`: what planning needs of every row of every part of the store; see `catalog/rows.ts`;
 * - `parts`: all rows of the parts of the store; with a study, of those that hold points of it;
 * - `landed`: of these one row a point;
 * - with a study, `points` and `results`: one row a point of each of its grids, and those of them that have landed
 *   with their columns.
 */
export async function openDatabase(
  store: Store,
  study?: StudyVersion,
  options: DatabaseOptions = {},
): Promise<Database> {
  for (let tried = 1; ; tried += 1) {
    const duckdb = await openDuckDB();
    try {
      return await openWith(duckdb, store, study, options);
    } catch (error) {
      duckdb.close();
      // Somebody has compacted the catalog just now, or a file of it was set aside.
      if (!(error instanceof ShelfChanged) || tried === MOST_TRIES) throw error;
    }
  }
}

const MOST_TRIES = 10;

async function openWith(
  duckdb: OpenDuckDB,
  store: Store,
  study: StudyVersion | undefined,
  { trusted = new Map(), output, entriesAlone = false }: DatabaseOptions,
): Promise<Database> {
  const { connection } = duckdb;
  const scratch = new Scratch(join(duckdb.folder, 'catalog'));
  const catalog = await openCatalog(store, connection, scratch, trusted);
  const current = study === undefined ? NOTHING_PLANNED : await currentPlans(store, study);
  let plans = study === undefined ? NO_FILES : await checkPages(store, study, current, trusted);
  let parts = catalog.parts;
  const locals = new LocalFiles(store);
  for (const { id, localPath } of catalog.files) locals.add(volumePath(id), localPath);
  await locals.locate(plans.intact);
  for (;;) {
    try {
      const bad = new Set(parts.problems.map(({ path }) => path));
      await connection.run(entries(catalog, bad));
      if (study !== undefined) await connection.run(points(locals.of(plans.intact)));
      if (!entriesAlone) {
        await connection.run(wantedParts(study !== undefined));
        const sources = await sourcesOf(connection, store, catalog, scratch, locals, trusted);
        for (const sql of [partRows(sources), PARTS, superseded(store.url), LANDED]) {
          await connection.run(sql);
        }
        if (study !== undefined) await connection.run(RESULTS);
      }
      await duckdb.restrict([...locals.all.values()], output && resolve(output));
      return new Database(duckdb, parts, plans, current, locals.all);
    } catch (error) {
      // A forged seal may hide what only a reader finds. The others are to be read without it.
      const found = await unreadableFiles(connection, locals.all);
      if (found.length === 0) throw error;
      for (const { path } of found) {
        if (inCatalog(path) === null) continue;
        await setAside(store, path);
        throw new ShelfChanged(path);
      }
      [parts, plans] = [without(parts, found), without(plans, found)];
      for (const { path } of found) locals.all.delete(path);
      await connection.run(NOTHING_OPEN);
    }
  }
}

/** `entries`, without those of parts that cannot be read. */
function entries({ files, coverage }: Catalog, bad: ReadonlySet<string>): string {
  const isGood = `part NOT IN (${[...bad, ''].map(quote).join(', ')})`;
  return `CREATE VIEW entries AS SELECT * FROM (${entriesIn(files)})
    WHERE ${whereCounting(coverage)} ${bad.size === 0 ? '' : `AND ${isGood}`}`;
}

/** Finds where the rows of `wanted_parts` are. */
async function sourcesOf(
  connection: DuckDBConnection,
  store: Store,
  { coverage, shelf }: Catalog,
  scratch: Scratch,
  locals: LocalFiles,
  trusted: Trusted,
): Promise<PartSources> {
  const read = await connection.runAndReadAll(
    'SELECT part, columns FROM wanted_parts WHERE NOT packed ORDER BY part',
  );
  const [paths = [], columns = []] = read.getColumnsJS() as [string[]?, string[]?];
  await locals.locate(paths);
  const packs = await connection.runAndReadAll(
    'SELECT file, count(*)::INTEGER FROM wanted_parts WHERE packed GROUP BY file ORDER BY file',
  );
  const [wholePacks, sharedPacks]: [string[], string[]] = [[], []];
  for (const [id, wanted] of packs.getRowsJS() as [string, number][]) {
    const own = scratch.packs.get(id);
    if (own === undefined) {
      if (!(await isSoundPack(store, id, shelf, trusted))) throw new ShelfChanged(packPath(id));
      await locals.locate([packPath(id)]);
    } else {
      locals.add(packPath(id), own);
    }
    const isWhole = coverage.counting.get(id)?.packed === wanted && !coverage.passedOver.has(id);
    (isWhole ? wholePacks : sharedPacks).push(packPath(id));
  }
  return {
    root: store.url,
    parts: locals.of(paths),
    isUniform: columns.every(hasOwnColumns),
    wholePacks: locals.of(wholePacks),
    sharedPacks: locals.of(sharedPacks),
  };
}

/** Takes away what stood before something was found that cannot be read. */
const NOTHING_OPEN = `
  DROP VIEW IF EXISTS results; DROP VIEW IF EXISTS landed; DROP TABLE IF EXISTS superseded;
  DROP VIEW IF EXISTS parts; DROP VIEW IF EXISTS part_rows; DROP TABLE IF EXISTS wanted_parts;
  DROP VIEW IF EXISTS points; DROP VIEW IF EXISTS entries`;

/** `lambda` is a keyword of DuckDB, and the first thing that people ask these tables for. */
function withHint(error: unknown): unknown {
  if (error instanceof Error && /syntax error[^]*\blambda\b/i.test(error.message)) {
    const hint = 'DuckDB has a keyword lambda: write "lambda" in double quotes for the column.';
    return new Error(`${error.message}\n\n${hint}`, { cause: error });
  }
  return error;
}
