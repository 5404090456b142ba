import { damage } from './checksum.js';
import { isPagePath, isPartPath, isPiecePath, PARTS_FOLDER, STUDIES_FOLDER } from './paths.js';
import { markStore } from './store-identity.js';
import type { Store } from './store.js';
import { listStudies, loadStudy } from './studies.js';
import { UnusableFile } from './unusable-file.js';

/** What was found in a place that may be the store of an earlier version. */
export interface Contents {
  /** Names of the studies that can be loaded. */
  readonly studies: readonly string[];
  /** Files with names of parts. */
  readonly parts: number;
  /** Whether any of those is one: every byte is as this program wrote it. */
  readonly hasPart: boolean;
  /** Parquet files in the folders of parts and plans that this program has not named. */
  readonly foreign: readonly string[];
}

/** Looks whether a place is a store of this program, and changes nothing. */
export async function contentsOf(store: Store): Promise<Contents> {
  const paths = [...(await store.list(PARTS_FOLDER)), ...(await store.list(STUDIES_FOLDER))];
  const parts = paths.filter(isPartPath);
  const isOurs = (path: string) => isPartPath(path) || isPagePath(path) || isPiecePath(path);
  return {
    studies: await loadableStudies(store),
    parts: parts.length,
    hasPart: await hasPart(store, parts),
    foreign: paths.filter((path) => isForeignTable(path) && !isOurs(path)),
  };
}

/** Those of the analysis have names of their own, and are made again. */
function isForeignTable(path: string): boolean {
  return path.endsWith('.parquet') && !path.includes('/analysis/');
}

/**
 * Makes a store of a place in which an earlier version has kept its results: it gets a marker, and nothing else changes.
 *
 * @returns what is in it, and its identity; no identity where nothing shows that this program made it, which then
 *   stays as it is
 */
export async function adopt(store: Store): Promise<Contents & { readonly id: string | null }> {
  const contents = await contentsOf(store);
  const isStore = contents.hasPart || contents.studies.length > 0;
  return { ...contents, id: isStore ? await markStore(store) : null };
}

async function loadableStudies(store: Store): Promise<string[]> {
  const { versions } = await listStudies(store);
  const names: string[] = [];
  for (const version of versions) {
    const isStudy = await loadStudy(store, version).then(
      () => true,
      () => false,
    );
    if (isStudy) names.push(version.study);
  }
  return names;
}

/** One is enough to know who wrote here. */
async function hasPart(store: Store, parts: readonly string[]): Promise<boolean> {
  for (const path of parts) {
    try {
      const bytes = await store.read(path);
      if (bytes !== null && damage(bytes) === null) return true;
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
    }
  }
  return false;
}
