import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Database } from '../results/database.js';
import { LandedIndex } from '../results/landed-index.js';
import { expandGrid, gridSize, type GridPoint } from '../study/expand.js';
import { canonicalJson, keyOfJson } from '../study/key.js';
import type { Point, Study } from '../study/study.js';
import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import { KeySet, type SeenKeys } from './key-set.js';
import { hasFailed } from './outcome.js';
import { RepeatedKeys } from './repeated-keys.js';

/** A point of a grid with the grid's name. */
export interface WantedPoint extends GridPoint {
  readonly grid: string;
}

/** Points that can be gone through more than once. */
export interface WantedPoints extends Iterable<WantedPoint> {
  /** How many there are, or more. */
  readonly length: number;
}

/** What a survey counts; equal points count once. */
export interface Survey {
  readonly points: number;
  /** Of these, how many have rows that count. */
  readonly cached: number;
  /** Of the cached ones, those whose rows say `failed` or `diverged`. */
  readonly failed: number;
}

/** Points of a batch, each kind in the order in which they are wanted. */
export interface Surveyed {
  /** They have to be solved; no two are equal. */
  readonly open: readonly Point[];
  /** Nobody has to solve them: they have landed, or are equal to one that is open. */
  readonly settled: readonly Point[];
}

export interface SurveyOptions {
  /** Whether points that have failed are solved again. */
  readonly again: boolean;
  readonly signal: AbortSignal;
  /** Above so many points the keys are not all kept in memory. */
  readonly mostKeys?: number;
}

/** Their keys take 134 MB. */
const MOST_KEYS = 2 ** 22;

/**
 * Points that are looked up in the store at once. Between two batches the event loop sends heartbeats and answers
 * queries, so a batch takes less than a tenth of a second.
 */
const BATCH = 8192;

/** Every point of the grids of a study. */
export function gridPoints(study: Study): WantedPoints {
  return {
    length: study.grids.reduce((sum, grid) => sum + gridSize(grid), 0),
    [Symbol.iterator]: () => expanded(study),
  };
}

function* expanded(study: Study): Generator<WantedPoint> {
  for (const grid of study.grids) {
    for (const { coordinates, instance } of expandGrid(study, grid)) {
      yield { grid: grid.name, coordinates, instance };
    }
  }
}

/**
 * Finds which points have landed. Holds the points of one batch, and the keys of all points or, of very many, of those
 * alone that are wanted more than once.
 *
 * @param wanted in the order in which they are to be solved; of equal ones the first is
 * @param database of the store, or of the study
 * @param take gets every point, a batch at a time
 */
export async function survey(
  wanted: WantedPoints,
  database: Database,
  { again, signal, mostKeys = MOST_KEYS }: SurveyOptions,
  take: (batch: Surveyed) => void | Promise<void>,
): Promise<Survey> {
  const index = await LandedIndex.of(database);
  const seen: SeenKeys =
    wanted.length <= mostKeys
      ? new KeySet()
      : await RepeatedKeys.of(keysOf(wanted, signal), database);
  const count = { points: 0, cached: 0, failed: 0 };
  for (const batch of batchesOf(wanted)) {
    const statuses = await index.statusesOf(batch.map(({ key }) => key));
    const open: Point[] = [];
    const settled: Point[] = [];
    for (const point of batch) {
      const status = statuses.get(point.key);
      const landed = status !== undefined && !(again && hasFailed(status));
      const known = !seen.add(point.key);
      (landed || known ? settled : open).push(point);
      if (known) continue;
      count.points += 1;
      if (landed) count.cached += 1;
      if (landed && hasFailed(status)) count.failed += 1;
    }
    await take({ open, settled });
    await yieldToEvents();
    signal.throwIfAborted();
  }
  return count;
}

async function* keysOf(wanted: WantedPoints, signal: AbortSignal): AsyncIterable<string[]> {
  for (const batch of batchesOf(wanted)) {
    yield batch.map(({ key }) => key);
    await yieldToEvents();
    signal.throwIfAborted();
  }
}

function* batchesOf(wanted: Iterable<WantedPoint>): Iterable<Point[]> {
  let batch: Point[] = [];
  for (const { grid, coordinates, instance } of wanted) {
    const instanceJson = canonicalJson(instance);
    const key = keyOfJson(instanceJson, NUMERICAL_VERSION);
    batch.push({ key, grid, coordinates, instance, instanceJson });
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
