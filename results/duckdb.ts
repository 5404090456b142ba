import { DuckDBInstance, LIST, listValue, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import { makeDuckDBFolder, removeDuckDBFolder } from './duckdb-folder.js';

/** Of each open database. A million rows are analyzed within it. */
const MEMORY_LIMIT = '400MB';

/** What may be sorted and joined on the disk, beyond that. */
const LARGEST_TEMPORARY = '20GB';

/** DuckDB in memory, and how to end it. */
export interface OpenDuckDB {
  readonly connection: DuckDBConnection;
  /** A folder of its own on this machine, which goes when it is closed. */
  readonly folder: string;
  /**
   * From now on, whatever it is asked, and whatever stands in the files, it reaches these files and nothing else: no other file,
   * not even a new one beside them, no network, no extension. None of it can be set again afterwards.
   *
   * @param files that are read, absolute paths
   * @param output a file that is written, absolute, if any
   */
  restrict(files: readonly string[], output?: string): Promise<void>;
  close(): void;
}

/** The connections of this thread. */
const open = new Set<DuckDBConnection>();

/**
 * Breaks off the queries of this thread, those that run and those to come, so that what asks them ends soon.
 *
 * @returns what lets queries run again
 */
export function breakOffQueries(): () => void {
  const breaking = setInterval(() => {
    for (const connection of open) connection.interrupt();
  }, BREAK_OFF_EVERY_MS);
  return () => {
    clearInterval(breaking);
  };
}

/** A query that begins just after an interruption has not heard it. */
const BREAK_OFF_EVERY_MS = 20;

/** Opens DuckDB, for SQL of this program until it is restricted, and for that of anybody afterwards. */
export async function openDuckDB(): Promise<OpenDuckDB> {
  const temporary = makeDuckDBFolder();
  const instance = await DuckDBInstance.create(':memory:', {
    // Its file cache has served old footers.
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    memory_limit: MEMORY_LIMIT,
    // What does not fit is sorted and joined on the disk: a worker has to leave room for its solvers.
    temp_directory: temporary,
    max_temp_directory_size: LARGEST_TEMPORARY,
  }).catch((error: unknown) => {
    removeDuckDBFolder(temporary);
    throw error;
  });
  const connection = await instance.connect();
  open.add(connection);
  const close = () => {
    open.delete(connection);
    connection.closeSync();
    instance.closeSync();
    removeDuckDBFolder(temporary);
  };
  const restrict = async (files: readonly string[], output?: string): Promise<void> => {
    // A path with characters of a pattern is asked for as the pattern that means just it.
    const read = files.flatMap((file) => [file, literalPath(file)]);
    const allowed = [...new Set(output === undefined ? read : [...read, output])];
    await connection.run('SET allowed_paths = $1', [listValue(allowed)], [LIST(VARCHAR)]);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  };
  try {
    // Parts never change, and reading their footers is most of the work of a query on thousands.
    await connection.run('SET parquet_metadata_cache = true');
    return { connection, folder: temporary, restrict, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The pattern that means this path alone: DuckDB takes paths for patterns. */
export function literalPath(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}
