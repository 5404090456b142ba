import type { Database } from './database.js';
import { shardOf } from './paths.js';

/** Rows whose keys are looked at together: all keys of a large store do not fit into the memory of a query. */
const ROWS_AT_ONCE = 500_000;

/**
 * Paths of parts that hold other points than their names say, by what the catalog says of them: a part is named by the keys in
 * it; see `shardId`.
 */
export async function misnamedParts(database: Database): Promise<string[]> {
  const misnamed: string[] = [];
  const [count] = await database.query<{ rows: number }>('SELECT count(*) AS rows FROM entries');
  const slices = Math.ceil(count!.rows / ROWS_AT_ONCE);
  for (let slice = 0; slice < slices; slice += 1) {
    const named = await database.query<{ part: string; shard: string }>(
      `SELECT part, left(sha256(string_agg(point_key, chr(10) ORDER BY point_key)), 32) AS shard
       FROM entries WHERE hash(part) % ${slices} = ${slice} GROUP BY part`,
    );
    misnamed.push(...named.flatMap(({ part, shard }) => (shardOf(part) === shard ? [] : [part])));
  }
  return misnamed.sort();
}
