import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Database } from '../results/database.js';
import { expandGrid, type GridPoint } from '../study/expand.js';
import { pointKey } from '../study/key.js';
import { shardPoints } from '../study/shard.js';
import type { Point, Study } from '../study/study.js';
import type { Status } from '../ufm/solution.js';
import { NUMERICAL_VERSION } from '../ufm/solve.js';
import { hasFailed } from './outcome.js';

/** A point of a grid with the grid's name. */
export interface WantedPoint extends GridPoint {
  readonly grid: string;
}

/** What solving some points comes to, given what has landed. */
export interface Survey {
  /** Every point once; of equal ones the first. */
  readonly points: readonly Point[];
  /** Those that are equal to one of `points`, on other grids or at other coordinates. */
  readonly repeated: readonly Point[];
  /** The points that have to be solved. */
  readonly open: readonly Point[];
  /** The same, cut into shards. */
  readonly shards: readonly (readonly Point[])[];
  /** Points that have a solution. */
  readonly cached: number;
  /** Points whose rows say `failed` or `diverged`, unless they are open. */
  readonly failed: number;
  /** Open points that were solved by another numerical version. */
  readonly stale: number;
}

/** Points between two looks at the event loop, which sends the heartbeats. */
const BATCH = 1000;

/** Surveys the grids of a study: what its first round comes to. */
export function surveyGrids(study: Study, database: Database, again: boolean): Promise<Survey> {
  return survey(study, gridPoints(study), database, again);
}

/**
 * @param database of the store, or of the study
 * @param again whether points that have failed are solved again
 */
export async function survey(
  study: Study,
  wanted: Iterable<WantedPoint>,
  database: Database,
  again: boolean,
): Promise<Survey> {
  const statuses = await statusesOf(database);
  const otherVersions = await versionsBesides(database, NUMERICAL_VERSION);
  const points = new Map<string, Point>();
  const repeated: Point[] = [];
  const open: Point[] = [];
  let failed = 0;
  let stale = 0;
  let seen = 0;
  for (const point of wanted) {
    if (++seen % BATCH === 0) await yieldToEvents();
    const key = pointKey(point.instance, NUMERICAL_VERSION);
    const named = { key, ...point };
    if (points.has(key)) {
      repeated.push(named);
      continue;
    }
    points.set(key, named);
    const status = statuses.get(key);
    if (status === undefined || (again && hasFailed(status))) {
      open.push(named);
      if (otherVersions.some((version) => statuses.has(pointKey(point.instance, version))))
        stale += 1;
    } else if (hasFailed(status)) failed += 1;
  }
  return {
    points: [...points.values()],
    repeated,
    open,
    shards: shardPoints(open, study.shardSize),
    cached: points.size - open.length - failed,
    failed,
    stale,
  };
}

function* gridPoints(study: Study): Iterable<WantedPoint> {
  for (const grid of study.grids) {
    for (const point of expandGrid(study, grid)) yield { grid: grid.name, ...point };
  }
}

async function statusesOf(database: Database): Promise<Map<string, Status>> {
  const rows = await database.query<{ point_key: string; status: Status }>(
    'SELECT point_key, status FROM landed',
  );
  return new Map(rows.map(({ point_key, status }) => [point_key, status]));
}

async function versionsBesides(database: Database, current: number): Promise<number[]> {
  const rows = await database.query<{ numerical_version: number }>(
    'SELECT DISTINCT numerical_version FROM landed WHERE numerical_version <> $1',
    [current],
  );
  return rows.map(({ numerical_version }) => numerical_version);
}
