import { listValue } from '@duckdb/node-api';
import type { Database } from '../results/database.js';
import { KeySet, type SeenKeys } from './key-set.js';

/** Hex digits of a key that a float64 holds exactly. That two keys share them costs some bytes, and is no fault. */
const PREFIX_DIGITS = 13;

/**
 * Tells the first of equal keys from the others where there are more than the memory holds: those that come once need not be
 * remembered. DuckDB, which goes to the disk when it has to, finds the others in a first pass over all of them.
 */
export class RepeatedKeys implements SeenKeys {
  /** Ascending prefixes of the keys that may come again. */
  readonly #repeated: Float64Array;
  readonly #keys = new KeySet();

  private constructor(repeated: Float64Array) {
    this.#repeated = repeated;
  }

  /** @param batches of keys, all that are going to be added */
  static async of(
    batches: AsyncIterable<readonly string[]>,
    database: Database,
  ): Promise<RepeatedKeys> {
    await database.query('CREATE TABLE wanted_keys (prefix DOUBLE)');
    for await (const keys of batches) {
      await database.query('INSERT INTO wanted_keys SELECT unnest($1::DOUBLE[])', [
        listValue(keys.map(prefixOf)),
      ]);
    }
    const found: Float64Array[] = [];
    const rows = database.batches<{ prefix: number }>(
      'SELECT prefix FROM wanted_keys GROUP BY prefix HAVING count(*) > 1 ORDER BY prefix',
    );
    for await (const some of rows) found.push(Float64Array.from(some, ({ prefix }) => prefix));
    await database.query('DROP TABLE wanted_keys');
    const repeated = new Float64Array(found.reduce((sum, { length }) => sum + length, 0));
    let filled = 0;
    for (const some of found) {
      repeated.set(some, filled);
      filled += some.length;
    }
    return new RepeatedKeys(repeated);
  }

  add(key: string): boolean {
    return !this.#comesAgain(prefixOf(key)) || this.#keys.add(key);
  }

  #comesAgain(prefix: number): boolean {
    let first = 0;
    let end = this.#repeated.length;
    while (first < end) {
      const middle = (first + end) >>> 1;
      if (this.#repeated[middle]! < prefix) first = middle + 1;
      else end = middle;
    }
    return this.#repeated[first] === prefix;
  }
}

function prefixOf(key: string): number {
  return Number.parseInt(key.slice(0, PREFIX_DIGITS), 16);
}
