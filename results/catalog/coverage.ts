import type { DuckDBConnection } from '@duckdb/node-api';
import { quote, scan } from '../views.js';
import { ENTRY_COLUMNS, type ListedPart } from './rows.js';

/** A file with what a catalog says of parts, on this machine: a volume, or the entry of a large part. */
export interface CatalogFile {
  /** Names its pack as well. */
  readonly id: string;
  readonly localPath: string;
}

/** The parts that there are, by path. */
export type Listing = ReadonlyMap<string, ListedPart>;

/** Which of the parts that there are the files of a catalog cover. Paths are those of the listing: a store may have a million. */
export class Coverage {
  /** Of each file that counts for parts, by its id: for how many, and the rows of how many of them its pack has. */
  readonly counting = new Map<string, { parts: number; packed: number }>();
  /** Parts of each file for which it does not count: they have gone or changed, or another file has them. */
  readonly passedOver = new Map<string, Set<string>>();
  readonly #listing: Listing;
  /** The file that counts for a part, by the path of the part. */
  readonly #covered = new Map<string, string>();

  constructor(listing: Listing) {
    this.#listing = listing;
  }

  covers(part: string): boolean {
    return this.#covered.has(part);
  }

  isPassedOver(id: string, part: string): boolean {
    return this.passedOver.get(id)?.has(part) ?? false;
  }

  /** The parts for which some files count. */
  partsOf(ids: readonly string[]): ListedPart[] {
    const wanted = new Set(ids);
    return Array.from(this.#listing.values()).filter(({ path }) => {
      const id = this.#covered.get(path);
      return id !== undefined && wanted.has(id);
    });
  }

  add(id: string, { path, bytes, version }: ListedPart, packed: boolean): void {
    const there = this.#listing.get(path);
    const isThere = there?.bytes === bytes && there.version === version;
    if (isThere && !this.#covered.has(path)) {
      this.#covered.set(there.path, id);
      const counts = this.counting.get(id) ?? { parts: 0, packed: 0 };
      counts.parts += 1;
      if (packed) counts.packed += 1;
      this.counting.set(id, counts);
    } else {
      const passed = this.passedOver.get(id) ?? new Set();
      this.passedOver.set(id, passed.add(path));
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
  listing: Listing,
  hasPack: (id: string) => boolean,
): Promise<Coverage> {
  const coverage = new Coverage(listing);
  if (files.length === 0) return coverage;
  const lacksPack = await withoutPack(connection, files, hasPack);
  const found = await connection.stream(`
    SELECT file, part, any_value(part_bytes)::DOUBLE AS bytes, any_value(part_version) AS version,
      any_value(packed) AS packed
    FROM (${entriesIn(files)}) GROUP BY file, part ORDER BY file, part`);
  for await (const rows of found.yieldRowsJs()) {
    for (const [id, path, bytes, version, packed] of rows as [
      string,
      string,
      number,
      string,
      boolean,
    ][]) {
      if (!lacksPack.has(id)) coverage.add(id, { path, bytes, version }, packed);
    }
  }
  return coverage;
}

/** Ids of the files that have rows in a pack which is not there. */
async function withoutPack(
  connection: DuckDBConnection,
  files: readonly CatalogFile[],
  hasPack: (id: string) => boolean,
): Promise<ReadonlySet<string>> {
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT file FROM (${entriesIn(files)}) WHERE packed`,
  );
  const [ids = []] = reader.getColumnsJS() as [string[]?];
  return new Set(ids.filter((id) => !hasPack(id)));
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
