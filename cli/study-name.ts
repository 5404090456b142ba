import type { StudyReference } from '../study/orchestration.js';
import { isStudyName } from '../study/schema.js';
import type { Store } from '../results/store.js';
import { latestVersion, listStudies } from '../results/studies.js';
import { referenceTo } from '../results/study-reference.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { storeToRead } from './known-store.js';

/** A study of a store, found by its name. */
export interface NamedStudy {
  readonly store: Store;
  readonly reference: Required<StudyReference>;
}

/**
 * The latest version of a study by its name.
 *
 * @throws Failure (bad usage) that names the studies of the store when it is none of them, or when there is no store.
 */
export async function findStudy(storeUrl: string, name: string): Promise<NamedStudy> {
  if (!isStudyName(name)) {
    const names = 'names are letters, digits, `.`, `_` and `-`';
    throw new Failure(`${JSON.stringify(name)} is no name of a study: ${names}`, EXIT.badUsage);
  }
  const store = await storeToRead(storeUrl);
  const version = await latestVersion(store, name);
  if (version === null) {
    const known = (await listStudies(store)).versions.map(({ study }) => study);
    const hint = known.length > 0 ? `it has: ${known.join(', ')}` : 'it has none';
    throw new Failure(`the store ${storeUrl} has no study ${name}; ${hint}`, EXIT.badUsage);
  }
  return { store, reference: await referenceTo(store, version) };
}
