import { Runtime, type WorkerOptions } from '@temporalio/worker';
import { measureOutages } from '../metrics.js';
import { startWorker, type RunningWorker } from '../running-worker.js';
import type { ServerAccess } from '../server/server-access.js';
import { GatedSlots } from './gated-slots.js';
import type { Outages } from './outages.js';
import type { OwnStore } from './own-store.js';

/** Activities that a worker asks for at a time, at most, whatever its slots: as the SDK has it. */
const MOST_POLLS = 10;

/** What runs at a time besides activities: as the SDK has it. */
const WORKFLOW_SLOTS = 40;
const OTHER_SLOTS = 100;

export interface StoreWorkerOptions extends WorkerOptions {
  readonly taskQueue: string;
  /** Activities that run at a time. */
  readonly slots: number;
}

/** Starts the worker of a store, which takes no activities while the store is out, and measures whether it is. */
export async function startStoreWorker(
  access: ServerAccess,
  outages: Outages,
  store: OwnStore | null,
  { slots, ...options }: StoreWorkerOptions,
): Promise<RunningWorker> {
  const worker = await startWorker(access, {
    ...options,
    tuner: {
      activityTaskSlotSupplier: new GatedSlots(slots, outages, store),
      workflowTaskSlotSupplier: { type: 'fixed-size', numSlots: WORKFLOW_SLOTS },
      localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: OTHER_SLOTS },
      nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: OTHER_SLOTS },
    },
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: Math.min(MOST_POLLS, slots) },
  });
  // Not the meter of the worker: the SDK spells its labels otherwise than those of its own metrics.
  const tags = { namespace: access.namespace, task_queue: options.taskQueue };
  const meter = Runtime.instance().metricMeter.withTags(tags);
  const stopMeasuring = measureOutages(meter, outages, store);
  worker.finished.then(stopMeasuring, stopMeasuring);
  return worker;
}
