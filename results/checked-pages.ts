import type { CurrentPlans } from './current-plans.js';
import { byPath, checkFiles, type CheckedFiles, type Trusted } from './intact-files.js';
import { isEarlyPagePath, isPagePath, plansFolder, type StudyVersion } from './paths.js';
import { PLAN_COLUMNS } from './plan-file.js';
import type { Store } from './store.js';

/** Checks the pages of a study that count, and tells of pages and of whole plans that are not there. */
export async function checkPages(
  store: Store,
  version: StudyVersion,
  { pages, problems }: CurrentPlans,
  trusted?: Trusted,
): Promise<CheckedFiles> {
  const wanted = new Set(pages);
  const kind = {
    shapes: PLAN_COLUMNS,
    isOurs: (path: string) => isPagePath(path) || isEarlyPagePath(path),
    counts: (path: string) => wanted.has(path),
  };
  const checked = await checkFiles(store, plansFolder(version), kind, trusted);
  const found = new Set([...checked.intact, ...checked.problems.map(({ path }) => path)]);
  const missing = pages
    .filter((path) => !found.has(path))
    .map((path) => ({ path, reason: 'the file has gone' }));
  return { ...checked, problems: [...checked.problems, ...missing, ...problems].sort(byPath) };
}
