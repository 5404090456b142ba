import type { ColumnShape } from './arrow-values.js';
import { unreadable } from './parquet.js';
import type { Store } from './store.js';

/** A file that cannot be used, and why. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

/** The files of a folder, checked byte by byte. */
export interface CheckedFiles {
  /** Paths in the store of those that can be used, sorted. */
  readonly intact: readonly string[];
  readonly problems: readonly Problem[];
}

export const NO_FILES: CheckedFiles = { intact: [], problems: [] };

/** Of all names that this program gives. Others could mean something to who is told them: quotes, `*`, line ends. */
const PLAIN_PATH = /^[\w./-]+$/;

// Enough to hide the latency of a remote store, few enough to keep the bytes in memory.
const CONCURRENT_READS = 16;

/**
 * Checks every Parquet file below a folder for its checksum and its columns. One damaged file spoils no other.
 *
 * @param trusted paths that are not read again, since published files never change; those found intact are added
 */
export async function checkFiles(
  store: Store,
  folder: string,
  shapes: readonly ColumnShape[],
  trusted = new Set<string>(),
): Promise<CheckedFiles> {
  const paths = (await store.list(folder)).filter((path) => path.endsWith('.parquet'));
  const intact: string[] = [];
  const problems: Problem[] = [];
  const check = async (path: string) => {
    if (trusted.has(path)) {
      intact.push(path);
      return;
    }
    const reason = await reasonAgainst(store, path, shapes);
    if (reason === null) {
      intact.push(path);
      trusted.add(path);
    } else problems.push({ path, reason });
  };
  const queue = paths.values();
  await Promise.all(
    Array.from({ length: CONCURRENT_READS }, async () => {
      for (const path of queue) await check(path);
    }),
  );
  return { intact: intact.sort(), problems: problems.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

async function reasonAgainst(
  store: Store,
  path: string,
  shapes: readonly ColumnShape[],
): Promise<string | null> {
  if (!PLAIN_PATH.test(path)) return 'its name is none that this program gives';
  const bytes = await store.read(path);
  return bytes === null ? 'the file has gone' : unreadable(bytes, shapes);
}
