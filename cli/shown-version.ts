import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import { warn } from './output.js';

/**
 * Says so where what is shown of a study is not what this program would have solved.
 *
 * @param study its name
 * @param numericalVersion of what is shown; null when nothing was planned yet
 */
export function warnIfOtherVersion(study: string, numericalVersion: number | null): void {
  if (numericalVersion === null || numericalVersion === NUMERICAL_VERSION) return;
  warn(
    numericalVersion < NUMERICAL_VERSION
      ? `the rows of ${study} are of numerical version ${numericalVersion}; \`ufm-sweep run\` solves them again with version ${NUMERICAL_VERSION}`
      : `the rows of ${study} are of numerical version ${numericalVersion}, which is newer than the ${NUMERICAL_VERSION} of this program`,
  );
}
