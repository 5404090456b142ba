import { setTimeout as delay } from 'node:timers/promises';
import { analyze } from '../../activities/analyze.js';
import { faultClassOf } from '../../activities/fault-class.js';
import { planRound } from '../../activities/plan.js';
import { solveShard } from '../../activities/solve-shard.js';
import type { Solver } from '../../activities/solver.js';
import { span } from '../../activities/span.js';
import type { Surroundings, Worker } from '../../activities/surroundings.js';
import { initialState, withInFlight } from '../../study/conductor-state.js';
import { Conductor, type Ending } from '../../study/conductor.js';
import type { Progress, ShardOutcome, Steps, StudyReference } from '../../study/orchestration.js';

export interface LocalRun {
  readonly reference: StudyReference;
  readonly window: number;
  /** Whether points that have failed are solved again. */
  readonly again: boolean;
  readonly solver: Solver;
  readonly worker: Worker;
  /** Stops the run; what has landed stays, and the next run goes on from there. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Runs a study in this process, without a server: the same conductor and the same activities as the workflow. What a
 * server would remember is in the store anyway, so a run that was killed goes on as well; only nobody retries a
 * shard that fails by itself, until the next run does.
 */
export async function runLocally(run: LocalRun): Promise<Ending> {
  const { reference, solver, worker, signal } = run;
  const surroundings: Surroundings = { signal, attempt: 1, report: () => undefined };
  /** Points that are solved of each shard in flight. */
  const inFlight = new Map<number, number>();
  const tell = (): void => {
    const solved = [...inFlight.values()].reduce((sum, done) => sum + done, 0);
    run.onProgress(withInFlight(conductor.progress, solved));
  };
  const followed = <T>(name: string, step: () => Promise<T>): Promise<T> => {
    tell();
    return span(name, {}, step);
  };
  const solve = (plan: string, shard: number): Promise<ShardOutcome> =>
    solveShard({ reference, plan, shard }, solver, worker, {
      ...surroundings,
      report({ done }) {
        inFlight.set(shard, done);
        tell();
      },
    }).finally(() => inFlight.delete(shard));
  /** Nobody waits any more for what has failed to be tried again. */
  const over = new AbortController();
  const steps: Steps = {
    planRound: (_, round) =>
      followed('planRound', () => planRound(reference, round, run.again, surroundings)),
    solveShard: (_, { plan }, shard) => followed('solveShard', () => solve(plan, shard)),
    analyze: () => followed('analyze', () => analyze(reference)),
    reasonOf: (error) => (error as Error).message,
    classOf: (error) => (faultClassOf(error) === 'infrastructure' ? 'infrastructure' : 'shard'),
    sleep(milliseconds) {
      tell();
      return delay(milliseconds, undefined, { signal: over.signal }).catch(() => undefined);
    },
  };
  const conductor = new Conductor(reference, steps, () => false, initialState(run.window));
  const cancel = (): void => {
    conductor.cancel();
  };
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    return await conductor.conduct();
  } finally {
    over.abort();
    signal.removeEventListener('abort', cancel);
    run.onProgress(conductor.progress);
  }
}
