import { createHash } from 'node:crypto';
import { damage } from '../results/checksum.js';
import { openDatabase } from '../results/database.js';
import type { Problem } from '../results/intact-files.js';
import { openStore } from '../results/open-store.js';
import { planPath, resolvedStudyPath } from '../results/paths.js';
import { encodePlan } from '../results/plan-file.js';
import type { Store } from '../results/store.js';
import { loadStudy } from '../results/studies.js';
import type { RoundPlan, StudyReference } from '../study/orchestration.js';
import type { PlannedPoint } from '../study/study.js';
import { UnknownStudy } from './failures.js';
import { locatePoints } from './locate.js';
import { gridPoints, survey } from './survey.js';
import type { Surroundings } from './surroundings.js';

/**
 * Plans one round of a study: round 0 is its grids, later ones bracket transitions by what has landed of those
 * before. Publishes the plan under the hash of its content. What a round wants depends on the rows of the rounds
 * before it alone, so planning again, in another run, goes the same way and finds the points cached.
 *
 * @param again whether points that have failed are solved again
 * @throws UnknownStudy when the store does not have the study
 */
export async function planRound(
  reference: StudyReference,
  round: number,
  again: boolean,
  { signal }: Surroundings,
): Promise<RoundPlan> {
  const store = openStore(reference.store);
  if ((await store.read(resolvedStudyPath(reference))) === null) {
    throw new UnknownStudy(
      `${store.url} has no study ${reference.study} of version ${reference.specHash}.`,
    );
  }
  const study = await loadStudy(store, reference);
  const database = await openDatabase(store, reference);
  try {
    await setDamagedAside(store, database.problems);
    const wanted = round === 0 ? gridPoints(study) : await locatePoints(study, round, database);
    const found = await survey(wanted, study.shardSize, database, { round, again, signal });
    return {
      plan: await publish(store, reference, [...found.shards.flat(), ...found.settled]),
      shards: found.shards.length,
      points: found.points,
      cached: found.cached,
      failed: found.failed,
    };
  } finally {
    database.close();
  }
}

/** Frees the paths of damaged files, so that what was in them can be planned, solved and published again. */
async function setDamagedAside(store: Store, problems: readonly Problem[]): Promise<void> {
  for (const { path } of problems) {
    const bytes = await store.read(path);
    // The files of another version of this program have a problem here, but nothing is wrong with them.
    if (bytes !== null && damage(bytes) !== null) await store.quarantine(path);
  }
}

/** A round without points needs no plan. */
async function publish(
  store: Store,
  reference: StudyReference,
  points: readonly PlannedPoint[],
): Promise<string> {
  if (points.length === 0) return '';
  const bytes = encodePlan(points);
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const path = planPath(reference, id);
  await store.publish(path, bytes);
  return path;
}
