import { specHash as hashOf } from '../study/key.js';
import { formatPath } from '../study/problems.js';
import { resolvedSchema } from '../study/resolved-schema.js';
import type { Study } from '../study/study.js';
import { findingsOf } from '../study/wording.js';
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
  await publishResolved(store, version, study);
  await store.replace(studyTextPath(study.name), Buffer.from(text));
  // Last, so that the latest version is one that can be loaded.
  await store.replace(latestPath(study.name), Buffer.from(specHash));
  return version;
}

/** What is there already stays, unless it is damaged: that is set aside, and written anew. */
async function publishResolved(store: Store, version: StudyVersion, study: Study): Promise<void> {
  const path = resolvedStudyPath(version);
  const bytes = Buffer.from(JSON.stringify(study, null, 2));
  if (await store.publish(path, bytes)) return;
  try {
    await loadStudy(store, version);
  } catch (error) {
    if (!(error instanceof DamagedFileError || error instanceof UnusableFile)) throw error;
    await store.quarantine(path);
    await store.publish(path, bytes);
  }
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

/**
 * Reads a resolved study. The file may be anyone's: it is held to the bounds of a study file, and to the hash of what it
 * says, before anything counts on it.
 *
 * @param path as a person knows it
 * @throws DamagedFileError
 */
export function readResolved(
  bytes: Uint8Array,
  { study, specHash }: StudyVersion,
  path: string,
): Study {
  const damaged = (reason: string): DamagedFileError =>
    new DamagedFileError(
      `${path} is not the study ${study}, version ${specHash}: ${reason}; run the study file again, and it is written anew`,
    );
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw damaged('it is no JSON');
  }
  const { data: found, error } = resolvedSchema.safeParse(value, { reportInput: true });
  if (found === undefined) {
    const [first] = findingsOf(error.issues);
    throw damaged(`${formatPath(first!.path) || 'it'}: ${first!.message}`);
  }
  if (found.name !== study) throw damaged(`it is of the study ${found.name}`);
  const hash = hashOf(found);
  if (hash !== specHash) throw damaged(`what it says is version ${hash}`);
  return found;
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
