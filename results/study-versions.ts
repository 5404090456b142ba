import { STUDIES_FOLDER, type StudyVersion } from './paths.js';
import type { Store } from './store.js';

/** Where the study of a version lies, by which a version is known to be there. */
const VERSION = /^studies\/([^/]+)\/(\w{1,64})\/study\.json$/;

/** Fewer digits of a hash name a version by accident. */
export const FEWEST_DIGITS = 6;

/** How a version of a study is called where only some are the latest. */
export function versionName({ study, specHash }: StudyVersion): string {
  return `${study}@${specHash.slice(0, 8)}`;
}

/** All versions of the studies of a store, by name and hash. */
export async function listVersions(store: Store): Promise<StudyVersion[]> {
  const paths = await store.list(STUDIES_FOLDER);
  return paths
    .flatMap((path) => {
      const [, study, specHash] = VERSION.exec(path) ?? [];
      return study === undefined || specHash === undefined ? [] : [{ study, specHash }];
    })
    .sort((a, b) => order(a.study, b.study) || order(a.specHash, b.specHash));
}

/** The versions of a study whose hash begins with some digits. */
export async function versionsLike(
  store: Store,
  study: string,
  digits: string,
): Promise<StudyVersion[]> {
  const versions = await listVersions(store);
  return versions.filter((each) => each.study === study && each.specHash.startsWith(digits));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
