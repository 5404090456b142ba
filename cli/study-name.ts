import type { StudyReference } from '../study/orchestration.js';
import { isStudyName } from '../study/schema.js';
import type { StudyVersion } from '../results/paths.js';
import type { Store } from '../results/store.js';
import { latestVersion, listStudies } from '../results/studies.js';
import { referenceTo } from '../results/study-reference.js';
import { FEWEST_DIGITS, versionName, versionsLike } from '../results/study-versions.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { storeToRead } from './known-store.js';

/** How the commands describe what they take. */
export const NAME_ARGUMENT = 'name of the study, or NAME@HASH for a version of it: see `ufm-sweep list`'; // prettier-ignore

/** A study of a store, found by its name. */
export interface NamedStudy {
  readonly store: Store;
  readonly reference: Required<StudyReference>;
}

/** What a person typed to name a study. */
interface TypedName {
  readonly name: string;
  /** The first digits of the hash of a version; null for the latest. */
  readonly digits: string | null;
}

/**
 * A study by its name, in its latest version; or by `NAME@HASH` in an earlier one, with as many digits as tell it from others.
 *
 * @throws Failure (bad usage) that names the studies of the store when it is none of them, or when there is no store.
 */
export async function findStudy(storeUrl: string, typed: string): Promise<NamedStudy> {
  const { name, digits } = readName(typed);
  const store = await storeToRead(storeUrl);
  const version =
    digits === null
      ? await latestVersion(store, name)
      : await versionLike(store, storeUrl, name, digits);
  if (version === null) {
    const known = (await listStudies(store)).versions.map(({ study }) => study);
    const hint = known.length > 0 ? `it has: ${known.join(', ')}` : 'it has none';
    throw new Failure(`the store ${storeUrl} has no study ${name}; ${hint}`, EXIT.badUsage);
  }
  return { store, reference: await referenceTo(store, version) };
}

function readName(typed: string): TypedName {
  const at = typed.indexOf('@');
  const name = at < 0 ? typed : typed.slice(0, at);
  const digits = at < 0 ? null : typed.slice(at + 1);
  if (!isStudyName(name)) {
    const names = 'names are letters, digits, `.`, `_` and `-`';
    throw new Failure(`${JSON.stringify(typed)} is no name of a study: ${names}`, EXIT.badUsage);
  }
  if (digits !== null && (!/^[0-9a-f]{1,64}$/.test(digits) || digits.length < FEWEST_DIGITS)) {
    throw new Failure(
      `${JSON.stringify(typed)} names no version: after the @ come ${FEWEST_DIGITS} or more hex digits of its hash`,
      EXIT.badUsage,
    );
  }
  return { name, digits };
}

/** Null when the store has no version of the study at all. */
async function versionLike(
  store: Store,
  storeUrl: string,
  name: string,
  digits: string,
): Promise<StudyVersion | null> {
  const [first, ...more] = await versionsLike(store, name, digits);
  if (first !== undefined && more.length === 0) return first;
  if (first !== undefined) {
    const found = [first, ...more].map(({ specHash }) => specHash).join(', ');
    throw new Failure(`${name}@${digits} names several versions: ${found}`, EXIT.badUsage);
  }
  const known = (await versionsLike(store, name, '')).map(versionName);
  if (known.length === 0) return null;
  throw new Failure(
    `the store ${storeUrl} has no version ${digits} of ${name}; it has: ${known.join(', ')}`,
    EXIT.badUsage,
  );
}
