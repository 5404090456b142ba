import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import { DamagedFileError } from './checksum.js';
import { earlyPlans } from './early-plans.js';
import type { Problem } from './intact-files.js';
import {
  LARGEST_MANIFEST,
  LARGEST_POINTER,
  readManifest,
  readPointer,
  type Manifest,
} from './manifest.js';
import { manifestPath, pagePath, pointerOf, pointersFolder, type StudyVersion } from './paths.js';
import type { Store } from './store.js';
import { UnusableFile } from './unusable-file.js';

/** Which pages say what a study asks for. */
export interface CurrentPlans {
  /** Of the keys of all its points; null when nothing was planned, or nobody can tell. */
  readonly numericalVersion: number | null;
  /** Paths of the pages of each round whose plan can be read. Those of early versions of this program tell no rounds. */
  readonly rounds: ReadonlyMap<number, readonly string[]>;
  /** Paths of the pages of all of them. */
  readonly pages: readonly string[];
  /** Pointers that name no plan. */
  readonly problems: readonly Problem[];
}

/** Of no study. */
export const NOTHING_PLANNED: CurrentPlans = {
  numericalVersion: null,
  rounds: new Map(),
  pages: [],
  problems: [],
};

/**
 * Finds the pages that count: those of one numerical version, this program's if it has planned the study, else the latest
 * that has. Where no plan has a pointer an early version of this program has made them all.
 *
 * @param own numerical version of the solvers of this program
 */
export async function currentPlans(
  store: Store,
  version: StudyVersion,
  own = NUMERICAL_VERSION,
): Promise<CurrentPlans> {
  const pointers = await listPointers(store, version);
  if (pointers.length === 0) {
    const early = await earlyPlans(store, version, own);
    return { ...NOTHING_PLANNED, ...early };
  }
  const versions = pointers.map(({ numericalVersion }) => numericalVersion);
  const shown = versions.includes(own) ? own : Math.max(...versions);
  const rounds = new Map<number, readonly string[]>();
  const problems: Problem[] = [];
  for (const { path, numericalVersion, round } of pointers) {
    if (numericalVersion !== shown) continue;
    const found = await readPlan(store, version, path);
    if ('reason' in found) problems.push(found);
    else rounds.set(round, found.manifest.pages.map((name) => pagePath(version, name))); // prettier-ignore
  }
  const pages = [...new Set([...rounds.values()].flat())];
  return { numericalVersion: shown, rounds, pages, problems };
}

/** A pointer that is there, by what its name says. */
export interface Pointer {
  readonly path: string;
  readonly numericalVersion: number;
  readonly round: number;
}

/** In the order of their rounds. */
export async function listPointers(store: Store, version: StudyVersion): Promise<Pointer[]> {
  const paths = await store.list(pointersFolder(version));
  const pointers = paths.flatMap((path) => {
    const named = pointerOf(path);
    return named === null ? [] : [{ path, ...named }];
  });
  return pointers.sort((a, b) => a.round - b.round);
}

/** A plan that counts, or why there is none where a pointer says that there is. */
type FoundPlan = { readonly name: string; readonly manifest: Manifest } | Problem;

/** @param pointer its path */
export async function readPlan(
  store: Store,
  version: StudyVersion,
  pointer: string,
): Promise<FoundPlan> {
  const { numericalVersion, round } = pointerOf(pointer)!;
  let path = pointer;
  try {
    const bytes = await store.read(path, LARGEST_POINTER);
    if (bytes === null) return { path: pointer, reason: 'it has gone' };
    const name = readPointer(bytes);
    path = manifestPath(version, name);
    const named = await store.read(path, LARGEST_MANIFEST);
    if (named === null) return { path: pointer, reason: `there is no ${path}, which it names` };
    const manifest = readManifest(path, named);
    return manifest.round === round && manifest.numericalVersion === numericalVersion
      ? { name, manifest }
      : { path: pointer, reason: `it names ${path}, the plan of another round or version` };
  } catch (error) {
    if (!(error instanceof DamagedFileError || error instanceof UnusableFile)) throw error;
    const where = path === pointer ? '' : `${path}, which it names: `;
    return { path: pointer, reason: `${where}${error.message}` };
  }
}
