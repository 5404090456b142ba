import { currentPlans } from '../results/current-plans.js';
import type { StudyVersion } from '../results/paths.js';
import type { Store } from '../results/store.js';
import { NUMERICAL_VERSION } from '../ufm/solve.js';
import { warn } from './output.js';

/** Says so where what is shown of a study is not what this program would have solved. */
export async function warnIfOtherVersion(store: Store, study: StudyVersion): Promise<void> {
  const { numericalVersion } = await currentPlans(store, study);
  if (numericalVersion === null || numericalVersion === NUMERICAL_VERSION) return;
  warn(
    numericalVersion < NUMERICAL_VERSION
      ? `the rows of ${study.study} are of numerical version ${numericalVersion}; \`ufm-sweep run\` solves them again with version ${NUMERICAL_VERSION}`
      : `the rows of ${study.study} are of numerical version ${numericalVersion}, which is newer than the ${NUMERICAL_VERSION} of this program`,
  );
}
