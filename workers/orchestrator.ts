import { createRequire } from 'node:module';
import { analyze } from '../activities/analyze.js';
import { planRound } from '../activities/plan.js';
import { underTemporal } from '../activities/temporal.js';
import type { ControlActivities } from '../workflows/activities.js';
import { CONTROL_QUEUE } from '../workflows/names.js';
import type { ServerAccess } from './connection.js';
import { startWorker, type RunningWorker } from './running-worker.js';

/** Starts the worker that runs study workflows, and plans and analyzes for them. One is enough for many studies. */
export function startOrchestrator(access: ServerAccess): Promise<RunningWorker> {
  const activities: ControlActivities = {
    planRound: (reference, round, again) =>
      underTemporal((surroundings) => planRound(reference, round, again, surroundings)),
    analyze: (reference) => underTemporal(() => analyze(reference)),
  };
  return startWorker(access, {
    taskQueue: CONTROL_QUEUE,
    workflowBundle: { codePath: createRequire(import.meta.url).resolve('#workflow-bundle') },
    activities,
    // Planning holds all points of a study, analyzing all of its rows.
    maxConcurrentActivityTaskExecutions: 2,
  });
}
