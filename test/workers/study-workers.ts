import type { StudyReference } from '../../study/orchestration.js';
import { startOrchestrator } from '../../workers/orchestrator.js';
import type { RunningWorker } from '../../workers/running-worker.js';
import type { ServerAccess } from '../../workers/server/server-access.js';
import { startSolver } from '../../workers/solver.js';
import { ServedStores } from '../../workers/stores/served-stores.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { worker } from '../activities/small-study.js';

/** The workers that a study needs, in this process: an orchestrator and a solver of one thread, to be stopped by the caller. */
export async function startStudyWorkers(
  access: ServerAccess,
  reference: Required<StudyReference>,
): Promise<RunningWorker[]> {
  const stores = ServedStores.ofStudy(reference);
  return [
    await startOrchestrator(access, stores),
    await startSolver(access, stores, { device: 'loops', threads: 1, queue: SOLVE_QUEUE, worker }),
  ];
}
