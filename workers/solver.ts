import { Runtime } from '@temporalio/worker';
import { solveShard } from '../activities/solve-shard.js';
import type { Worker } from '../activities/surroundings.js';
import { underTemporal } from '../activities/temporal.js';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import type { SolveActivities } from '../workflows/activities.js';
import type { ServerAccess } from './server/server-access.js';
import { measured } from './metrics.js';
import { startWorker, type RunningWorker } from './running-worker.js';
import { ownShardQueue } from './shard-queue.js';
import { SolverPool } from './threads/solver-pool.js';

export interface SolverWorkerOptions {
  readonly device: DeviceChoice;
  /** Batches that are solved at the same time; for a CPU its cores, for a GPU 1. */
  readonly threads: number;
  /** `SOLVE_QUEUE`, unless the shards of some studies are kept apart; workers of this version alone get them. */
  readonly queue: string;
  /** What the rows say of this process. */
  readonly worker: Worker;
}

/** Shards that a worker takes: one more than it has threads, so that they solve while a part is being written. */
export function shardsOfWorker(threads: number): number {
  return threads + 1;
}

/** Starts a worker that solves shards. */
export async function startSolver(
  access: ServerAccess,
  { device, threads, queue, worker }: SolverWorkerOptions,
): Promise<RunningWorker> {
  const taskQueue = ownShardQueue(queue);
  const pool = await SolverPool.start(threads, { device });
  // Not the meter of the activity: the SDK spells its labels otherwise than those of its own metrics.
  const meter = () =>
    Runtime.instance().metricMeter.withTags({ namespace: access.namespace, task_queue: taskQueue });
  const activities: SolveActivities = {
    solveShard: (reference, plan, shard) =>
      underTemporal((surroundings) =>
        measured(meter(), pool, surroundings.signal, (solver) =>
          solveShard({ reference, plan, shard }, solver, worker, surroundings),
        ),
      ),
  };
  return startWorker(
    access,
    {
      taskQueue,
      activities,
      identity: worker.identity,
      maxConcurrentActivityTaskExecutions: shardsOfWorker(threads),
    },
    pool,
  );
}
