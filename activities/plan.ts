import { createHash } from 'node:crypto';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { openDatabase, type Database } from '../results/database.js';
import { openStore } from '../results/open-store.js';
import { planPath, resolvedStudyPath } from '../results/paths.js';
import { CACHED, encodePlan } from '../results/plan-file.js';
import type { Store } from '../results/store.js';
import { loadStudy } from '../results/studies.js';
import { expandGrid } from '../study/expand.js';
import { pointKey } from '../study/key.js';
import type { RoundPlan, StudyReference } from '../study/orchestration.js';
import { shardPoints } from '../study/shard.js';
import type { PlannedPoint, Point, Study } from '../study/study.js';
import type { Status } from '../ufm/solution.js';
import { NUMERICAL_VERSION } from '../ufm/solve.js';
import { UnknownStudy } from './failures.js';
import { hasFailed } from './outcome.js';
import { locatePoints, type WantedPoint } from './locate.js';
import type { Surroundings } from './surroundings.js';

/** Points between two looks at the event loop, which sends the heartbeats. */
const BATCH = 1000;

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
  surroundings: Surroundings,
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
    const wanted = round === 0 ? gridPoints(study) : await locatePoints(study, round, database);
    const points = await withKeys(wanted, surroundings);
    const statuses = await statusesOf(database);
    const isSettled = (key: string): boolean => {
      const status = statuses.get(key);
      return status !== undefined && !(again && hasFailed(status));
    };
    const planned = assignShards(points, isSettled, round, study.shardSize);
    const shards = new Set(planned.map(({ shard }) => shard));
    const keys = new Set(points.map(({ key }) => key));
    const cached = [...keys].filter(isSettled);
    return {
      plan: await publish(store, reference, planned),
      shards: shards.has(CACHED) ? shards.size - 1 : shards.size,
      points: keys.size,
      cached: cached.length,
      failed: cached.filter((key) => hasFailed(statuses.get(key)!)).length,
    };
  } finally {
    database.close();
  }
}

function* gridPoints(study: Study): Iterable<WantedPoint> {
  for (const grid of study.grids) {
    for (const point of expandGrid(study, grid)) yield { grid: grid.name, ...point };
  }
}

async function withKeys(wanted: Iterable<WantedPoint>, { signal }: Surroundings): Promise<Point[]> {
  const points: Point[] = [];
  for (const point of wanted) {
    points.push({ key: pointKey(point.instance, NUMERICAL_VERSION), ...point });
    if (points.length % BATCH === 0) {
      await yieldToEvents();
      signal.throwIfAborted();
    }
  }
  return points;
}

async function statusesOf(database: Database): Promise<Map<string, Status>> {
  const rows = await database.query<{ point_key: string; status: Status }>(
    'SELECT point_key, status FROM landed',
  );
  return new Map(rows.map(({ point_key, status }) => [point_key, status]));
}

/** Equal points of several grids are solved once, for the first of them. */
function assignShards(
  points: readonly Point[],
  isSettled: (key: string) => boolean,
  round: number,
  shardSize: number,
): PlannedPoint[] {
  const seen = new Set<string>();
  const open: Point[] = [];
  const cached: PlannedPoint[] = [];
  for (const point of points) {
    if (seen.has(point.key) || isSettled(point.key))
      cached.push({ ...point, round, shard: CACHED });
    else open.push(point);
    seen.add(point.key);
  }
  const planned = shardPoints(open, shardSize).flatMap((shard, number) =>
    shard.map((point) => ({ ...point, round, shard: number })),
  );
  return [...planned, ...cached];
}

/** Publishes the plan under the hash of its content; a round without points needs none. */
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
