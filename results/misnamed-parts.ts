import { basename } from 'node:path';
import { listValue } from '@duckdb/node-api';
import type { Database } from './database.js';
import { literalPath } from './duckdb.js';
import { shardOf } from './paths.js';

/** Parts whose keys are looked at together: all keys of a large store do not fit into the memory of a query. */
const PARTS_AT_ONCE = 500;

/** Paths of intact parts that hold other points than their names say: a part is named by the keys in it; see `shardId`. */
export async function misnamedParts(database: Database): Promise<string[]> {
  const misnamed: string[] = [];
  const paths = database.parts.intact;
  for (let first = 0; first < paths.length; first += PARTS_AT_ONCE) {
    const some = paths.slice(first, first + PARTS_AT_ONCE);
    const named = await database.query<{ name: string; shard: string }>(
      `SELECT parse_filename(filename) AS name,
         left(sha256(string_agg(point_key, chr(10) ORDER BY point_key)), 32) AS shard
       FROM read_parquet($1, filename = true) GROUP BY filename`,
      [listValue(some.map((path) => literalPath(database.localPath(path))))],
    );
    const shards = new Map(named.map(({ name, shard }) => [name, shard]));
    misnamed.push(...some.filter((path) => shardOf(path) !== shards.get(basename(path))));
  }
  return misnamed;
}
