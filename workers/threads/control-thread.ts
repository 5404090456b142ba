import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { RoundPlan, StudyReference } from '../../study/orchestration.js';
import { SpanRecorder, type Recorded } from '../tracing/span-recorder.js';
import { settled, type ThreadResult } from './thread-result.js';

/**
 * What the control pool does in a thread, each loaded when it is wanted. What is cancelled hears of it by a message, which breaks
 * off a query that is running: to end a thread in the middle of one would abort the process.
 */

/** A task with where to hear that it is cancelled. */
export interface ControlTask<Task> {
  readonly task: Task;
  readonly cancelled: MessagePort;
}

/** Whether the spans of these threads are wanted. */
export interface ControlThreadData {
  readonly traced: boolean;
}

const { traced } = Piscina.workerData as ControlThreadData;
const recorder = SpanRecorder.start(traced);

export function plan({
  task,
  cancelled,
}: ControlTask<{
  readonly reference: StudyReference;
  readonly round: number;
  readonly again: boolean;
}>): Promise<Recorded<ThreadResult<RoundPlan>>> {
  const { reference, round, again } = task;
  return cancellable(cancelled, async (signal) => {
    const { planRound } = await import('../../activities/plan.js');
    return planRound(reference, round, again, { signal, attempt: 1, report: () => undefined });
  });
}

export function analyze({
  task,
  cancelled,
}: ControlTask<StudyReference>): Promise<Recorded<ThreadResult<void>>> {
  return cancellable(cancelled, async () => {
    const activity = await import('../../activities/analyze.js');
    return activity.analyze(task);
  });
}

async function cancellable<Value>(
  cancelled: MessagePort,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Recorded<ThreadResult<Value>>> {
  const { breakOffQueries } = await import('../../results/duckdb.js');
  const controller = new AbortController();
  let restoreQueries = (): void => undefined;
  cancelled.on('message', () => {
    controller.abort();
    restoreQueries = breakOffQueries();
  });
  try {
    return await recorder.record(() => settled(work(controller.signal)));
  } finally {
    cancelled.close();
    restoreQueries();
  }
}
