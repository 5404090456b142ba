import type { Study } from '../study/study.js';
import {
  latestPath,
  resolvedStudyPath,
  STUDIES_FOLDER,
  studyTextPath,
  type StudyVersion,
} from './paths.js';
import type { Store } from './store.js';

/** The store has no such study, or not this version of it. */
export class UnknownStudy extends Error {
  override readonly name = 'UnknownStudy';
}

/**
 * Keeps a study: its text as the author wrote it, what it resolved to, and that this version is now the latest.
 *
 * @param specHash Hash of the resolved study.
 */
export async function saveStudy(
  store: Store,
  study: Study,
  specHash: string,
  text: string,
): Promise<StudyVersion> {
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
 * @throws UnknownStudy
 */
export async function loadStudy(store: Store, version: StudyVersion): Promise<Study> {
  const bytes = await store.read(resolvedStudyPath(version));
  if (bytes === null) {
    throw new UnknownStudy(
      `the store ${store.url} has no version ${version.specHash} of the study ${version.study}`,
    );
  }
  return JSON.parse(Buffer.from(bytes).toString()) as Study;
}

/** The version of a study that was saved last, whoever saved it; null when there is none. */
export async function latestVersion(store: Store, study: string): Promise<StudyVersion | null> {
  const bytes = await store.read(latestPath(study));
  return bytes === null ? null : { study, specHash: Buffer.from(bytes).toString() };
}

/** The latest version of every study of the store, by name. */
export async function listStudies(store: Store): Promise<StudyVersion[]> {
  const paths = await store.list(STUDIES_FOLDER);
  const names = new Set(paths.map((path) => path.split('/')[1]!));
  const versions = await Promise.all([...names].sort().map((name) => latestVersion(store, name)));
  return versions.filter((version) => version !== null);
}
