import { resolve } from 'node:path';
import type { DuckDBResultReader, DuckDBValue } from '@duckdb/node-api';
import { DamagedFileError } from './checksum.js';
import { COLUMNS } from './columns.js';
import { openDuckDB, type OpenDuckDB } from './duckdb.js';
import {
  byPath,
  checkFiles,
  NO_FILES,
  type CheckedFiles,
  type KindOfFile,
  type Problem,
  type Trusted,
} from './intact-files.js';
import { checkPages } from './checked-pages.js';
import { currentPlans, NOTHING_PLANNED, type CurrentPlans } from './current-plans.js';
import { isPartPath, PARTS_FOLDER, type StudyVersion } from './paths.js';
import { legibleValue } from './legible-value.js';
import { plainRow, type PlainRow } from './plain-row.js';
import { runReadOnly } from './read-only-statements.js';
import type { Store } from './store.js';
import { unreadableFiles } from './unreadable-files.js';
import { LANDED, PARTS, partRows, points, RESULTS, SUPERSEDED } from './views.js';

const PART: KindOfFile = { shapes: COLUMNS, isOurs: isPartPath };

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

  /** @param localPaths of the intact files on this machine's file system, by their paths in the store */
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

  /** Where an intact file lies on this machine's file system, by its path in the store. */
  localPath(path: string): string {
    return this.#localPaths.get(path)!;
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

/**
 * Opens the results of a store, or of one study in it.
 *
 * Every part is checked first; one that is damaged is left out of the views and stands in `problems`. The views:
 *
 * - `parts`: all rows of all parts;
 * - `landed`: one row a point of the store;
 * - with a study, `points` and `results`: one row a point of each of its grids, and those of them that have landed
 *   with their columns.
 *
 * @param trusted remembers which versions of files were found intact, for who opens the same store again and again
 * @param output a file that queries may write; none other is in reach
 */
export async function openDatabase(
  store: Store,
  study?: StudyVersion,
  { trusted, output }: { readonly trusted?: Trusted; readonly output?: string } = {},
): Promise<Database> {
  let parts = await checkFiles(store, PARTS_FOLDER, PART, trusted);
  const current = study === undefined ? NOTHING_PLANNED : await currentPlans(store, study);
  let plans = study === undefined ? NO_FILES : await checkPages(store, study, current, trusted);
  const located = [...parts.intact, ...plans.intact].map(
    async (path) => [path, resolve(await store.localPath(path))] as const,
  );
  const localPaths = new Map(await Promise.all(located));
  for (;;) {
    const local = ({ intact }: CheckedFiles) => intact.map((path) => localPaths.get(path)!);
    const duckdb = await openDuckDB([...localPaths.values()], output && resolve(output));
    const statements = [partRows(local(parts)), PARTS, SUPERSEDED, LANDED];
    if (study !== undefined) statements.push(points(local(plans)), RESULTS);
    try {
      for (const statement of statements) await duckdb.connection.run(statement);
      return new Database(duckdb, parts, plans, current, localPaths);
    } catch (error) {
      // A forged seal may hide what only a reader finds. The others are to be read without it.
      const found = await unreadableFiles(duckdb.connection, localPaths);
      duckdb.close();
      if (found.length === 0) throw error;
      [parts, plans] = [without(parts, found), without(plans, found)];
      for (const { path } of found) localPaths.delete(path);
    }
  }
}

function without(
  { intact, problems, foreign }: CheckedFiles,
  found: readonly Problem[],
): CheckedFiles {
  const theirs = found.filter(({ path }) => intact.includes(path));
  return {
    foreign,
    intact: intact.filter((path) => !theirs.some((problem) => problem.path === path)),
    problems: [...problems, ...theirs].sort(byPath),
  };
}

/** `lambda` is a keyword of DuckDB, and the first thing that people ask these tables for. */
function withHint(error: unknown): unknown {
  if (error instanceof Error && /syntax error[^]*\blambda\b/i.test(error.message)) {
    const hint = 'DuckDB has a keyword lambda: write "lambda" in double quotes for the column.';
    return new Error(`${error.message}\n\n${hint}`, { cause: error });
  }
  return error;
}
