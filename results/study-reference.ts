import type { StudyReference } from '../study/orchestration.js';
import type { StudyVersion } from './paths.js';
import { claimStore } from './store-identity.js';
import type { Store } from './store.js';

/**
 * Names a version of a study to whoever works for it, anywhere.
 *
 * @throws NotAStore where the store is none
 */
export async function referenceTo(
  store: Store,
  { study, specHash }: StudyVersion,
): Promise<Required<StudyReference>> {
  return { store: store.url, storeId: await claimStore(store), study, specHash };
}
