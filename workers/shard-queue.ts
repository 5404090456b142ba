import type { StudyReference } from '../study/orchestration.js';
import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import { shardQueue, versionOfQueue } from '../workflows/names.js';

/**
 * The task queue of the shards of a store that workers of this version solve, and that this version plans.
 *
 * @param queue as people name it
 */
export function ownShardQueue(queue: string, store: Pick<StudyReference, 'storeId'>): string {
  return shardQueue(queue, NUMERICAL_VERSION, store);
}

/** What to say of shards that wait on a queue which no worker asks. */
export function nobodySolves(shardQueue: string, { store }: StudyReference): string {
  const version = versionOfQueue(shardQueue);
  const whom = version === null ? 'workers' : `workers of numerical version ${version}`;
  const advice =
    version === null || version === NUMERICAL_VERSION
      ? `start some (ufm-sweep worker --store ${store})`
      : `this one is ${NUMERICAL_VERSION}. Start workers of that version, or cancel the study and run it again`;
  return `Shards wait, and no worker has asked for any lately: they are for ${whom} on the task queue ${shardQueue}; ${advice}.`;
}

/** What to say of a study that no worker plans. */
export function nobodyPlans(queue: string, { store }: StudyReference): string {
  return `The study waits, and no worker has asked for anything of its store lately, on the task queue ${queue}; start some (ufm-sweep worker --store ${store}).`;
}
