import { Piscina } from 'piscina';
import type { RoundPlan, StudyReference } from '../../study/orchestration.js';
import { SpanRecorder, type Recorded } from '../tracing/span-recorder.js';
import { settled, type ThreadResult } from './thread-result.js';

/**
 * What the control pool does in a thread, each loaded when it is wanted. Signals end at its door: what is cancelled is ended
 * with its thread.
 */

/** Whether the spans of these threads are wanted. */
export interface ControlThreadData {
  readonly traced: boolean;
}

const { traced } = Piscina.workerData as ControlThreadData;
const recorder = SpanRecorder.start(traced);

export function plan(task: {
  readonly reference: StudyReference;
  readonly round: number;
  readonly again: boolean;
}): Promise<Recorded<ThreadResult<RoundPlan>>> {
  const { reference, round, again } = task;
  const surroundings = {
    signal: new AbortController().signal,
    attempt: 1,
    report: () => undefined,
  };
  return recorder.record(async () => {
    const { planRound } = await import('../../activities/plan.js');
    return settled(planRound(reference, round, again, surroundings));
  });
}

export function analyze(reference: StudyReference): Promise<Recorded<ThreadResult<void>>> {
  return recorder.record(async () => {
    const activity = await import('../../activities/analyze.js');
    return settled(activity.analyze(reference));
  });
}
