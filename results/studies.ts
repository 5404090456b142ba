import { wholeGridSize } from '../study/expand.js';
import { LARGEST_GRID } from '../study/grid-points.js';
import type { Study } from '../study/study.js';
import { DamagedFileError } from './checksum.js';
import {
  latestPath,
  resolvedStudyPath,
  STUDIES_FOLDER,
  studyTextPath,
  type StudyVersion,
} from './paths.js';
import type { Problem } from './intact-files.js';
import type { Store } from './store.js';
import { claimStore } from './store-identity.js';
import { UnusableFile } from './unusable-file.js';

/** The store has no such study, or not this version of it. */
export class UnknownStudy extends Error {
  override readonly name = 'UnknownStudy';
}

/**
 * Keeps a study, and makes its place a store if it is none yet: its text as the author wrote it, what it resolved to, and that this version is now the latest.
 *
 * @param specHash Hash of the resolved study.
 * @throws NotAStore when something else is there
 */
export async function saveStudy(
  store: Store,
  study: Study,
  specHash: string,
  text: string,
): Promise<StudyVersion> {
  await claimStore(store);
  const version = { study: study.name, specHash };
  await store.publish(resolvedStudyPath(version), Buffer.from(JSON.stringify(study, null, 2)));
  await store.replace(studyTextPath(study.name), Buffer.from(text));
  // Last, so that the latest version is one that can be loaded.
  await store.replace(latestPath(study.name), Buffer.from(specHash));
  return version;
}

/**
 * The resolved study.
 *
 * @throws UnknownStudy, or DamagedFileError when what lies there is none
 */
export async function loadStudy(store: Store, version: StudyVersion): Promise<Study> {
  const bytes = await store.read(resolvedStudyPath(version));
  if (bytes === null) {
    throw new UnknownStudy(
      `the store ${store.url} has no version ${version.specHash} of the study ${version.study}`,
    );
  }
  return readResolved(bytes, version, `${resolvedStudyPath(version)} in the store ${store.url}`);
}

/** The file may be anyone's: it is held to the bounds of a study file before anything counts on it. */
function readResolved(bytes: Uint8Array, { study, specHash }: StudyVersion, path: string): Study {
  try {
    const found = JSON.parse(Buffer.from(bytes).toString()) as Study;
    const isStudy = found.name === study && typeof found.solver.kind === 'string';
    if (isStudy && found.grids.every((grid) => wholeGridSize(grid) <= LARGEST_GRID)) return found;
  } catch {
    // Whatever stumbles over it, it is no study.
  }
  throw new DamagedFileError(`${path} is not the study ${study}, version ${specHash}`);
}

/** Bytes; a hash takes 64. */
const LARGEST_LATEST = 4096;

/** The version of a study that was saved last, whoever saved it; null when there is none. */
export async function latestVersion(store: Store, study: string): Promise<StudyVersion | null> {
  const bytes = await store.read(latestPath(study), LARGEST_LATEST);
  if (bytes === null) return null;
  const specHash = Buffer.from(bytes).toString();
  if (!/^\w{1,64}$/.test(specHash)) {
    throw new DamagedFileError(`${latestPath(study)} in the store ${store.url} names no version`);
  }
  return { study, specHash };
}

/** The studies of a store. */
export interface StoredStudies {
  /** The latest version of each, by name. */
  readonly versions: readonly StudyVersion[];
  /** Those of which the latest version cannot be told. */
  readonly problems: readonly Problem[];
}

/** Lists the studies of a store. One whose files are damaged hides none of the others. */
export async function listStudies(store: Store): Promise<StoredStudies> {
  const paths = await store.list(STUDIES_FOLDER);
  const names = new Set(paths.map((path) => path.split('/')[1]!));
  const versions: StudyVersion[] = [];
  const problems: Problem[] = [];
  for (const name of [...names].sort()) {
    try {
      const version = await latestVersion(store, name);
      if (version !== null) versions.push(version);
    } catch (error) {
      if (!(error instanceof DamagedFileError || error instanceof UnusableFile)) throw error;
      problems.push({ path: latestPath(name), reason: error.message });
    }
  }
  return { versions, problems };
}
