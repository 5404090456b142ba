import type { DuckDBConnection } from '@duckdb/node-api';
import { literalPath } from './duckdb.js';
import type { Problem } from './intact-files.js';

/**
 * Which files DuckDB does not read to the end, each by itself: an error of a query on thousands of files names none
 * of them.
 *
 * @param localPaths of the files on this machine's file system, by their paths in the store
 */
export async function unreadableFiles(
  connection: DuckDBConnection,
  localPaths: ReadonlyMap<string, string>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [path, localPath] of localPaths) {
    try {
      await connection.run('SELECT bit_xor(hash(file)) FROM read_parquet($1) AS file', [
        literalPath(localPath),
      ]);
    } catch (error) {
      const [line] = (error as Error).message.split('\n');
      problems.push({ path, reason: `it cannot be read (${line!.replace(/\.$/, '')})` });
    }
  }
  return problems;
}
