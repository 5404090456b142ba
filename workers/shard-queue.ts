import { NUMERICAL_VERSION } from '../ufm/solve.js';
import { shardQueue, versionOfQueue } from '../workflows/names.js';

/**
 * The task queue of the shards that workers of this version solve, and that this version plans.
 *
 * @param queue as people name it
 */
export function ownShardQueue(queue: string): string {
  return shardQueue(queue, NUMERICAL_VERSION);
}

/** What to say of shards that wait on a queue which no worker asks. */
export function nobodySolves(shardQueue: string): string {
  const version = versionOfQueue(shardQueue);
  const whom = version === null ? 'workers' : `workers of numerical version ${version}`;
  const advice =
    version === null || version === NUMERICAL_VERSION
      ? 'start some (ufm-sweep worker)'
      : `this one is ${NUMERICAL_VERSION}. Start workers of that version, or cancel the study and run it again`;
  return `Shards wait, and no worker has asked for any lately: they are for ${whom} on the task queue ${shardQueue}; ${advice}.`;
}
