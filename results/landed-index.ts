import { listValue } from '@duckdb/node-api';
import type { Status } from '../ufm/solution.js';
import type { Database } from './database.js';

/**
 * The points of a store that have landed, to be asked for many at a time. The index stays in DuckDB, so that a store
 * of many millions of rows costs no memory here.
 */
export class LandedIndex {
  readonly #database: Database;
  readonly #empty: boolean;

  private constructor(database: Database, empty: boolean) {
    this.#database = database;
    this.#empty = empty;
  }

  static async of(database: Database): Promise<LandedIndex> {
    await database.query(
      'CREATE TABLE IF NOT EXISTS landed_index AS SELECT point_key, status FROM entries',
    );
    const [first] = await database.query('SELECT 1 FROM landed_index LIMIT 1');
    return new LandedIndex(database, first === undefined);
  }

  /** How the points ended, by key; those that have not landed are left out. */
  async statusesOf(keys: readonly string[]): Promise<Map<string, Status>> {
    if (this.#empty) return new Map();
    const rows = await this.#database.query<{ point_key: string; status: Status }>(
      'SELECT point_key, status FROM landed_index WHERE point_key IN (SELECT unnest($1::VARCHAR[]))',
      [listValue(keys)],
    );
    const statuses = new Map<string, Status>();
    for (const { point_key, status } of rows) {
      const known = statuses.get(point_key);
      if (known === undefined || isBetter(status, known)) statuses.set(point_key, status);
    }
    return statuses;
  }
}

/** A point may have several rows; see the view `superseded`. */
const BEST_FIRST: readonly Status[] = ['certified', 'uncertified', 'diverged', 'failed'];

function isBetter(status: Status, other: Status): boolean {
  return BEST_FIRST.indexOf(status) < BEST_FIRST.indexOf(other);
}
