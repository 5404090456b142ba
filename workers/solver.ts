import { Runtime } from '@temporalio/worker';
import { solveShard } from '../activities/solve-shard.js';
import type { Worker } from '../activities/surroundings.js';
import { countUpTo, textOf } from '../study/shape.js';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import type { SolveActivities } from '../workflows/activities.js';
import type { ServerAccess } from './server/server-access.js';
import { measured } from './metrics.js';
import type { RunningWorker } from './running-worker.js';
import { ownShardQueue } from './shard-queue.js';
import { ownActivity } from './stores/own-activity.js';
import { inStore, type ServedStores } from './stores/served-stores.js';
import { startStoreWorker } from './stores/start-store-worker.js';
import { StoreWorkers } from './stores/store-workers.js';
import { SolverPool } from './threads/solver-pool.js';

export interface SolverWorkerOptions {
  readonly device: DeviceChoice;
  /** Batches that are solved at the same time; for a CPU its cores, for a GPU 1. */
  readonly threads: number;
  /** `SOLVE_QUEUE`, unless the shards of some studies are kept apart. */
  readonly queue: string;
  /** What the rows say of this process. */
  readonly worker: Worker;
}

/** Shards that a worker takes: one more than it has threads, so that they solve while a part is being written. */
export function shardsOfWorker(threads: number): number {
  return threads + 1;
}

const PLAN = textOf(/^[^\0]{1,1000}$/, 'the path of a plan');
const SHARD = countUpTo(Number.MAX_SAFE_INTEGER);

/** Starts the workers that solve shards: one for each store, all of them on the same threads. */
export async function startSolver(
  access: ServerAccess,
  stores: ServedStores,
  { device, threads, queue, worker }: SolverWorkerOptions,
): Promise<RunningWorker> {
  const pool = await SolverPool.start(threads, { device });
  const { namespace } = access;
  const activitiesOf = (taskQueue: string): SolveActivities => {
    // Not the meter of the activity: the SDK spells its labels otherwise than those of its own metrics.
    const meter = () =>
      Runtime.instance().metricMeter.withTags({ namespace, task_queue: taskQueue });
    return {
      solveShard: (reference, plan, shard) =>
        ownActivity(
          stores,
          reference,
          { plan: [plan, PLAN], shard: [shard, SHARD] },
          (own, surroundings) =>
            measured(meter(), pool, surroundings.signal, (solver) =>
              solveShard({ reference: own, plan, shard }, solver, worker, surroundings),
            ),
        ),
    };
  };
  return StoreWorkers.start(stores, pool, (store) => {
    const taskQueue = ownShardQueue(queue, inStore(store));
    return startStoreWorker(access, stores.outages, store, {
      taskQueue,
      activities: activitiesOf(taskQueue),
      identity: worker.identity,
      slots: shardsOfWorker(threads),
    });
  });
}
