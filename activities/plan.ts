import { damage } from '../results/checksum.js';
import { openDatabase, type Database } from '../results/database.js';
import { checkParts, type Problem } from '../results/intact-files.js';
import { misnamedParts } from '../results/misnamed-parts.js';
import { openOwnStore } from '../results/open-store.js';
import type { Store } from '../results/store.js';
import { loadStudy } from '../results/studies.js';
import { sweep } from '../results/sweep.js';
import { UnusableFile } from '../results/unusable-file.js';
import type { RoundPlan, StudyReference } from '../study/orchestration.js';
import type { Study } from '../study/study.js';
import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import { locatePoints } from './locate.js';
import { MeasuredSeconds } from './measured-seconds.js';
import { PlanPages } from './plan-pages.js';
import { shardSizes } from './shard-size.js';
import { note, span } from './span.js';
import type { Surroundings } from './surroundings.js';
import { gridPoints, survey, type SurveyOptions } from './survey.js';

/** What a round asks for that no grid wants. */
const NOTHING: RoundPlan = { plan: '', shards: 0, points: 0, cached: 0, failed: 0 };

/**
 * Plans one round of a study: round 0 is its grids, later ones bracket transitions by what has landed of those
 * before. Publishes the plan under its content, and has it count in place of an earlier one. What a round wants depends
 * on the rows of the rounds before it alone, so planning again, in another run, goes the same way and finds the points
 * cached. Files that are damaged are set aside, and what killed processes have left is swept. Where plans of the rounds
 * before are damaged, gone or of another version of the numerics, these are planned again as well.
 *
 * @param again whether points that have failed are solved again, and parts that hold others' points are set aside
 * @throws UnknownStudy when the store does not have the study
 */
export async function planRound(
  reference: StudyReference,
  round: number,
  again: boolean,
  { signal }: Surroundings,
): Promise<RoundPlan> {
  note({
    'ufm.study': reference.study,
    'ufm.spec_hash': reference.specHash,
    'ufm.round': round,
  });
  const store = await openOwnStore(reference.store);
  const study = await loadStudy(store, reference);
  if (round > 0 && study.grids.every(({ locate }) => locate === null)) return NOTHING;
  const planIn = (database: Database, which: number): Promise<RoundPlan> =>
    publishPlan(store, reference, study, which, database, { again, signal });
  const planAlone = (which: number): Promise<RoundPlan> =>
    withDatabase(store, reference, (database) => planIn(database, which));

  // It takes a look at every byte of the store: only where somebody asks for what is amiss.
  if (again && round === 0) {
    await setDamagedAside(store, (await checkParts(store.direct())).problems);
    await setMisnamedAside(store, reference);
  }
  const plan = await withDatabase(store, reference, async (database) => {
    const { parts, plans } = database;
    await setDamagedAside(store, [...parts.problems, ...plans.problems]);
    // What cannot be swept now is no matter of the plan's: the next one tries again.
    if (round === 0) await sweep(store, reference, parts.intact).catch(() => undefined);
    // What the points of earlier rounds are stands in their plans alone, and this round follows from it.
    return hasRoundsBefore(round, database) ? planIn(database, round) : null;
  });
  if (plan !== null) return plan;
  for (let earlier = 0; earlier < round; earlier += 1) await planAlone(earlier);
  return planAlone(round);
}

async function publishPlan(
  store: Store,
  reference: StudyReference,
  study: Study,
  round: number,
  database: Database,
  options: SurveyOptions,
): Promise<RoundPlan> {
  const wanted =
    round === 0
      ? gridPoints(study)
      : await span('locate', {}, () => locatePoints(study, round, database));
  const sizes = shardSizes(study, await MeasuredSeconds.of(database));
  const pages = new PlanPages(store, reference, round, sizes);
  const counts = await survey(wanted, database, options, (batch) => pages.add(batch));
  const published = await span('publish plan', {}, () => pages.publish(counts.points));
  note({ 'ufm.points': counts.points, 'ufm.points_cached': counts.cached });
  return { ...published, ...counts, numericalVersion: NUMERICAL_VERSION };
}

async function withDatabase<T>(
  store: Store,
  reference: StudyReference,
  act: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(store, reference);
  try {
    return await act(database);
  } finally {
    database.close();
  }
}

/** Whether the plans of all rounds before are there, whole, and of this version of the numerics. */
function hasRoundsBefore(round: number, { current, plans }: Database): boolean {
  const intact = new Set(plans.intact);
  return Array.from({ length: round }, (_, earlier) => current.rounds.get(earlier)).every(
    (pages) =>
      current.numericalVersion === NUMERICAL_VERSION && pages?.every((page) => intact.has(page)),
  );
}

/** Frees the paths of damaged files, so that what was in them can be planned, solved and published again. */
async function setDamagedAside(store: Store, problems: readonly Problem[]): Promise<void> {
  for (const { path } of problems) {
    try {
      const bytes = await store.read(path);
      // The files of another version of this program have a problem here, but nothing is wrong with them.
      if (bytes === null || damage(bytes) === null) continue;
      await store.quarantine(path, bytes);
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      if (error.mayBeSound) continue;
      await store.quarantine(path);
    }
  }
}

/**
 * Sets parts aside that hold other points than their names say, as after two were exchanged: whoever solves a shard
 * takes the part of its name for what has landed of it.
 */
async function setMisnamedAside(store: Store, reference: StudyReference): Promise<void> {
  const misnamed = await withDatabase(store, reference, misnamedParts);
  for (const path of misnamed) {
    const bytes = await store.read(path);
    if (bytes !== null) await store.quarantine(path, bytes);
  }
}
