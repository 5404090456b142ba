import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StudyReference } from '../../study/orchestration.js';
import type { Cluster } from './cluster.js';
import { look } from './observer.js';

/** When a fault strikes. */
export const MOMENTS = ['planning', 'solving', 'writing', 'refining', 'analyzing'] as const;

export type Moment = (typeof MOMENTS)[number];

/** Looking has the orchestrator answer a query: it is to do so a fifth of the time at most. */
const PAUSE_OF_A_LOOK = 4;
const SHORTEST_PAUSE_MS = 10;

/**
 * Waits for a moment of a study under way.
 *
 * @returns false when the study ended before it came
 */
export async function waitFor(
  moment: Moment,
  cluster: Cluster,
  reference: StudyReference,
): Promise<boolean> {
  while (cluster.runs('client')) {
    const began = performance.now();
    if (await isNow(moment, cluster, reference)) return true;
    const took = performance.now() - began;
    await delay(Math.max(SHORTEST_PAUSE_MS, PAUSE_OF_A_LOOK * took));
  }
  return false;
}

async function isNow(
  moment: Moment,
  cluster: Cluster,
  reference: StudyReference,
): Promise<boolean> {
  if (moment === 'writing') return (await unfinished(cluster)) > 0;
  const { progress } = await look(cluster, reference);
  if (progress === null) return false;
  switch (moment) {
    case 'planning':
      return progress.stage === 'planning';
    case 'solving':
      return progress.stage === 'solving' && progress.shards.inFlight > 0;
    case 'refining':
      return progress.round > 0;
    case 'analyzing':
      return progress.stage === 'analyzing';
  }
}

/** Files that somebody is writing. */
async function unfinished(cluster: Cluster): Promise<number> {
  try {
    return (await readdir(path.join(cluster.storeFolder, 'tmp'))).length;
  } catch {
    return 0;
  }
}
