import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Database } from '../results/database.js';
import { CACHED } from '../results/plan-file.js';
import { expandGrid, type GridPoint } from '../study/expand.js';
import { pointKey } from '../study/key.js';
import { shardPoints } from '../study/shard.js';
import type { PlannedPoint, Point, Study } from '../study/study.js';
import type { Status } from '../ufm/solution.js';
import { NUMERICAL_VERSION } from '../ufm/solve.js';
import { hasFailed } from './outcome.js';

/** A point of a grid with the grid's name. */
export interface WantedPoint extends GridPoint {
  readonly grid: string;
}

/** What solving the points of a round comes to, given what has landed. */
export interface Survey {
  /** Shard by shard the points that have to be solved. */
  readonly shards: readonly (readonly PlannedPoint[])[];
  /** The points that nobody has to solve: they have landed, or they are equal to one that is in a shard. */
  readonly settled: readonly PlannedPoint[];
  /** How many points there are; equal ones count once. */
  readonly points: number;
  /** Of these, how many have rows that count. */
  readonly cached: number;
  /** Of the cached ones, those whose rows say `failed` or `diverged`. */
  readonly failed: number;
  /** Of the points in shards, those that another numerical version has solved. */
  readonly stale: number;
}

export interface SurveyOptions {
  readonly round: number;
  /** Whether points that have failed are solved again. */
  readonly again: boolean;
  readonly signal: AbortSignal;
}

/** Points between two looks at the event loop, which sends the heartbeats. */
const BATCH = 1000;

/** Every point of the grids of a study. */
export function* gridPoints(study: Study): Iterable<WantedPoint> {
  for (const grid of study.grids) {
    for (const point of expandGrid(study, grid)) yield { grid: grid.name, ...point };
  }
}

/**
 * Finds which points have landed, and cuts the others into shards.
 *
 * @param wanted in the order in which they are to be solved; of equal ones the first is
 * @param shardSize the most points of a shard
 * @param database of the store, or of the study
 */
export async function survey(
  wanted: Iterable<WantedPoint>,
  shardSize: number,
  database: Database,
  { round, again, signal }: SurveyOptions,
): Promise<Survey> {
  const statuses = await statusesOf(database);
  const otherVersions = await versionsBesides(database, NUMERICAL_VERSION);
  const keys = new Set<string>();
  const open: Point[] = [];
  const settled: PlannedPoint[] = [];
  const count = { cached: 0, failed: 0, stale: 0 };
  for (const point of wanted) {
    const key = pointKey(point.instance, NUMERICAL_VERSION);
    const status = statuses.get(key);
    const landed = status !== undefined && !(again && hasFailed(status));
    if (landed || keys.has(key)) settled.push({ key, ...point, round, shard: CACHED });
    else open.push({ key, ...point });
    if (keys.has(key)) continue;

    keys.add(key);
    if (landed) {
      count.cached += 1;
      if (hasFailed(status)) count.failed += 1;
    } else if (otherVersions.some((version) => statuses.has(pointKey(point.instance, version)))) {
      count.stale += 1;
    }
    if (keys.size % BATCH === 0) {
      await yieldToEvents();
      signal.throwIfAborted();
    }
  }
  const shards = shardPoints(open, shardSize).map((points, shard) =>
    points.map((point) => ({ ...point, round, shard })),
  );
  return { shards, settled, points: keys.size, ...count };
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
