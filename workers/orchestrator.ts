import { createRequire } from 'node:module';
import { MAXIMUM_ROUNDS } from '../study/conductor.js';
import { countUpTo, FLAG } from '../study/shape.js';
import type { ControlActivities } from '../workflows/activities.js';
import { controlQueue } from '../workflows/names.js';
import { StudyKeeper } from './client/study-keeper.js';
import { deploymentOptions } from './runtime.js';
import type { ServerAccess } from './server/server-access.js';
import { ownActivity } from './stores/own-activity.js';
import { inStore, type ServedStores } from './stores/served-stores.js';
import { startStoreWorker } from './stores/start-store-worker.js';
import { StoreWorkers } from './stores/store-workers.js';
import { ControlPool } from './threads/control-pool.js';
import type { RunningWorker } from './running-worker.js';

/** Studies that are planned or analyzed at the same time. */
const SLOTS = 2;

const ROUND = countUpTo(MAXIMUM_ROUNDS);

/**
 * Starts the workers that run study workflows, and plan and analyze for them. One is enough for many studies. Workflows need no
 * store: while that of a study is out they go on, and nothing is planned or analyzed.
 *
 * @param instead activities to replace, for measurements of the rest
 */
export async function startOrchestrator(
  access: ServerAccess,
  stores: ServedStores,
  instead: Partial<ControlActivities> = {},
): Promise<RunningWorker> {
  const pool = new ControlPool();
  const activities: ControlActivities = {
    planRound: (reference, round, again) =>
      ownActivity(
        stores,
        reference,
        { round: [round, ROUND], again: [again, FLAG] },
        (own, { signal }) => pool.plan(own, round, again, signal),
      ),
    analyze: (reference) =>
      ownActivity(stores, reference, {}, (own, { signal }) => pool.analyze(own, signal)),
    ...instead,
  };
  // In a deployment Temporal hands each study to the code that has begun it.
  const isVersioned = 'workerDeploymentOptions' in deploymentOptions();
  const keeping = isVersioned ? null : StudyKeeper.start(access, stores);
  const resources = {
    async close() {
      await (await keeping)?.close();
      await pool.close();
    },
  };
  const workers = await StoreWorkers.start(stores, resources, (store) =>
    startStoreWorker(access, stores.outages, store, {
      taskQueue: controlQueue(inStore(store)),
      workflowBundle: { codePath: createRequire(import.meta.url).resolve('#workflow-bundle') },
      activities,
      slots: SLOTS,
    }),
  );
  await keeping;
  return workers;
}
