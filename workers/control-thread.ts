import { analyze } from '../activities/analyze.js';
import { planRound } from '../activities/plan.js';
import type { RoundPlan, StudyReference } from '../study/orchestration.js';

/** What the control pool does in a thread. Signals end at its door: what is cancelled is ended with its thread. */

export function plan(task: {
  readonly reference: StudyReference;
  readonly round: number;
  readonly again: boolean;
}): Promise<RoundPlan> {
  const { reference, round, again } = task;
  const surroundings = {
    signal: new AbortController().signal,
    attempt: 1,
    report: () => undefined,
  };
  return planRound(reference, round, again, surroundings);
}

export { analyze };
