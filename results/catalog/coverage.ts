import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileDetails } from '../store.js';
import { quote, scan } from '../views.js';
import { ENTRY_COLUMNS, type ListedPart } from './rows.js';

/** A file with what a catalog says of parts, on this machine: a volume, or the entry of a large part. */
export interface CatalogFile {
  /** Names its pack as well. */
  readonly id: string;
  readonly localPath: string;
}

/** Which of the parts that there are the files of a catalog cover. */
export class Coverage {
  /** Parts of each file for which it counts, by its id; those of its pack say so. */
  readonly counting = new Map<string, { parts: ListedPart[]; packed: number }>();
  /** Parts of each file for which it does not count: they have gone or changed, or another file has them. */
  readonly passedOver = new Map<string, Set<string>>();
  readonly #covered = new Set<string>();

  covers(part: string): boolean {
    return this.#covered.has(part);
  }

  isPassedOver(id: string, part: string): boolean {
    return this.passedOver.get(id)?.has(part) ?? false;
  }

  /** @param listed the parts that there are */
  add(
    id: string,
    part: ListedPart,
    packed: boolean,
    listed: ReadonlyMap<string, FileDetails>,
  ): void {
    const there = listed.get(part.path);
    const isThere = there?.bytes === part.bytes && there.version === part.version;
    if (isThere && !this.#covered.has(part.path)) {
      this.#covered.add(part.path);
      const counts = this.counting.get(id) ?? { parts: [], packed: 0 };
      counts.parts.push(part);
      if (packed) counts.packed += 1;
      this.counting.set(id, counts);
    } else {
      const passed = this.passedOver.get(id) ?? new Set();
      this.passedOver.set(id, passed.add(part.path));
    }
  }
}

/** What files of a catalog say: their rows, as SQL, with the id of the file as `file`. */
export function entriesIn(files: readonly CatalogFile[]): string {
  const localPaths = files.map(({ localPath }) => localPath);
  return `SELECT * EXCLUDE (filename, file_row_number), parse_filename(filename, true) AS file
    FROM (${scan(localPaths, ENTRY_COLUMNS)})`;
}

/**
 * Finds which parts the files cover. Where several have a part the first of them counts.
 *
 * @param hasPack whether there is the pack of a volume; one that lacks it counts for nothing, so that it is made again
 */
export async function coverageOf(
  connection: DuckDBConnection,
  files: readonly CatalogFile[],
  listed: ReadonlyMap<string, FileDetails>,
  hasPack: (id: string) => boolean,
): Promise<Coverage> {
  const coverage = new Coverage();
  if (files.length === 0) return coverage;
  const reader = await connection.runAndReadAll(`
    SELECT file, part, any_value(part_bytes)::DOUBLE AS bytes, any_value(part_version) AS version,
      any_value(packed) AS packed
    FROM (${entriesIn(files)}) GROUP BY file, part ORDER BY file, part`);
  const [ids, paths, sizes, versions, packed] = reader.getColumnsJS() as [
    string[],
    string[],
    number[],
    string[],
    boolean[],
  ];
  const lacksPack = new Set<string>();
  paths.forEach((_, at) => {
    if (packed[at]! && !hasPack(ids[at]!)) lacksPack.add(ids[at]!);
  });
  paths.forEach((path, at) => {
    const part = { path, bytes: sizes[at]!, version: versions[at]! };
    if (!lacksPack.has(ids[at]!)) coverage.add(ids[at]!, part, packed[at]!, listed);
  });
  return coverage;
}

/** A condition on `file` and `part` that leaves out what is passed over. */
export function whereCounting({ counting, passedOver }: Coverage): string {
  const ids = [...counting.keys()].map(quote).join(', ');
  const conditions = [ids === '' ? 'false' : `file IN (${ids})`];
  for (const [id, parts] of passedOver) {
    if (!counting.has(id)) continue;
    const list = [...parts].map(quote).join(', ');
    conditions.push(`NOT (file = ${quote(id)} AND part IN (${list}))`);
  }
  return conditions.join(' AND ');
}
