import { createRequire } from 'node:module';
import { underTemporal } from '../activities/temporal.js';
import type { ControlActivities } from '../workflows/activities.js';
import { CONTROL_QUEUE } from '../workflows/names.js';
import type { ServerAccess } from './server/server-access.js';
import { ControlPool } from './threads/control-pool.js';
import { startWorker, type RunningWorker } from './running-worker.js';

/**
 * Starts the worker that runs study workflows, and plans and analyzes for them. One is enough for many studies.
 *
 * @param instead activities to replace, for measurements of the rest
 */
export async function startOrchestrator(
  access: ServerAccess,
  instead: Partial<ControlActivities> = {},
): Promise<RunningWorker> {
  const pool = new ControlPool();
  const activities: ControlActivities = {
    planRound: (reference, round, again) =>
      underTemporal(({ signal }) => pool.plan(reference, round, again, signal)),
    analyze: (reference) => underTemporal(({ signal }) => pool.analyze(reference, signal)),
    ...instead,
  };
  return startWorker(
    access,
    {
      taskQueue: CONTROL_QUEUE,
      workflowBundle: { codePath: createRequire(import.meta.url).resolve('#workflow-bundle') },
      activities,
      maxConcurrentActivityTaskExecutions: 2,
    },
    pool,
  );
}
