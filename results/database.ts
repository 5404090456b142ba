import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { COLUMNS } from './columns.js';
import { checkFiles, NO_FILES, type CheckedFiles, type Problem } from './intact-files.js';
import { PARTS_FOLDER, plansFolder, type StudyVersion } from './paths.js';
import { PLAN_COLUMNS } from './plan-file.js';
import { plainRow, type PlainRow } from './plain-row.js';
import type { Store } from './store.js';
import { LANDED, PARTS, partRows, points, RESULTS, SUPERSEDED } from './views.js';

/** DuckDB, in memory, over the parts of a store. Close it after use. */
export class Database {
  /** The parts of the store: those in the views, and those left out. */
  readonly parts: CheckedFiles;
  /** The plans of the study, likewise; none without a study. */
  readonly plans: CheckedFiles;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    parts: CheckedFiles,
    plans: CheckedFiles,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.parts = parts;
    this.plans = plans;
  }

  /** Files that were left out of the views, and why. */
  get problems(): readonly Problem[] {
    return [...this.parts.problems, ...this.plans.problems];
  }

  /**
   * Rows as JavaScript has them: numbers, texts, booleans, `Date`s, arrays; a `bigint` only where a number would
   * not be exact.
   *
   * @param values Of the parameters $1, $2, ... or $name.
   * @throws Error with DuckDB's own words, and perhaps a hint, when the SQL is wrong.
   */
  async query<Row = PlainRow>(
    sql: string,
    values: DuckDBValue[] | Record<string, DuckDBValue> = [],
  ): Promise<Row[]> {
    const reader = await this.#connection.runAndReadAll(sql, values).catch(withHint);
    return reader.getRowObjectsJS().map((row) => plainRow(row) as Row);
  }

  /** As `query`, a batch of rows at a time, for what may not fit into memory. */
  async *batches<Row = PlainRow>(sql: string): AsyncGenerator<Row[]> {
    const result = await this.#connection.stream(sql);
    for await (const rows of result.yieldRowObjectJs()) {
      yield rows.map((row) => plainRow(row) as Row);
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

// Parts never change, and reading their footers is most of the work of a query on thousands.
const FOOTER_CACHE = 'SET parquet_metadata_cache = true';

/** Of each open database. A million rows are analyzed within it. */
const MEMORY_LIMIT = '400MB';

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
 * @param trusted remembers which files were found intact, for who opens the same store again and again
 */
export async function openDatabase(
  store: Store,
  study?: StudyVersion,
  trusted?: Set<string>,
): Promise<Database> {
  const parts = await checkFiles(store, PARTS_FOLDER, COLUMNS, trusted);
  const plans =
    study === undefined
      ? NO_FILES
      : await checkFiles(store, plansFolder(study), PLAN_COLUMNS, trusted);
  const statements = [
    FOOTER_CACHE,
    partRows(await localPaths(store, parts.intact)),
    PARTS,
    SUPERSEDED,
    LANDED,
  ];
  if (study !== undefined) {
    statements.push(points(await localPaths(store, plans.intact)), RESULTS);
  }
  const instance = await DuckDBInstance.create(':memory:', {
    // Its file cache has served old footers; and nothing here may fetch code from elsewhere.
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // What does not fit is sorted and joined on the disk: a worker has to leave room for its solvers.
    memory_limit: MEMORY_LIMIT,
    temp_directory: join(tmpdir(), `ufm-duckdb-${process.pid}`),
  });
  const connection = await instance.connect();
  const database = new Database(instance, connection, parts, plans);
  try {
    for (const statement of statements) await connection.run(statement);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function localPaths(store: Store, paths: readonly string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => store.localPath(path)));
}

/** `lambda` is a keyword of DuckDB, and the first thing that people ask these tables for. */
function withHint(error: unknown): never {
  if (error instanceof Error && /syntax error[^]*\blambda\b/i.test(error.message)) {
    const hint = 'DuckDB has a keyword lambda: write "lambda" in double quotes for the column.';
    throw new Error(`${error.message}\n\n${hint}`, { cause: error });
  }
  throw error;
}
