import { damage } from '../results/checksum.js';
import { openDatabase } from '../results/database.js';
import type { Problem } from '../results/intact-files.js';
import { openStore } from '../results/open-store.js';
import type { Store } from '../results/store.js';
import { loadStudy } from '../results/studies.js';
import type { RoundPlan, StudyReference } from '../study/orchestration.js';
import { locatePoints } from './locate.js';
import { MeasuredSeconds } from './measured-seconds.js';
import { PlanPages } from './plan-pages.js';
import { shardSizes } from './shard-size.js';
import { note, span } from './span.js';
import type { Surroundings } from './surroundings.js';
import { gridPoints, survey } from './survey.js';

/** What a round asks for that no grid wants. */
const NOTHING: RoundPlan = { plan: '', shards: 0, points: 0, cached: 0, failed: 0 };

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
  note({
    'ufm.study': reference.study,
    'ufm.spec_hash': reference.specHash,
    'ufm.round': round,
  });
  const store = openStore(reference.store);
  const study = await loadStudy(store, reference);
  if (round > 0 && study.grids.every(({ locate }) => locate === null)) return NOTHING;
  const database = await openDatabase(store, reference);
  try {
    await setDamagedAside(store, database.problems);
    const wanted =
      round === 0
        ? gridPoints(study)
        : await span('locate', {}, () => locatePoints(study, round, database));
    const sizes = shardSizes(study, await MeasuredSeconds.of(database));
    const pages = new PlanPages(round, sizes);
    const counts = await survey(wanted, database, { again, signal }, (batch) => {
      batch.open.forEach((point) => {
        pages.open(point);
      });
      batch.settled.forEach((point) => {
        pages.settled(point);
      });
    });
    const plan = await span('publish plan', {}, () => pages.publish(store, reference));
    note({ 'ufm.points': counts.points, 'ufm.points_cached': counts.cached });
    return { ...plan, ...counts };
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
