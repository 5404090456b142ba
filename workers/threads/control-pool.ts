import { createRequire } from 'node:module';
import { Piscina } from 'piscina';
import { isTraced, replay } from '../../activities/span.js';
import type { RoundPlan, StudyReference } from '../../study/orchestration.js';
import type { ControlThreadData } from './control-thread.js';
import type { Recorded } from '../tracing/span-recorder.js';
import { unsettled, type ThreadResult } from './thread-result.js';

/** Of a control thread, for what has just been made; see `resourceLimits` of Node's worker threads. */
const YOUNG_MB = 128;

/**
 * A quick study goes from planning to analyzing within this time, and needs no second thread. In a longer one the thread ends
 * and gives back its memory.
 */
const IDLE_MS = 3_000;

/**
 * Plans and analyzes in worker threads. A study of a million points keeps a thread busy for seconds at a time, and
 * the event loop of the worker has to send heartbeats and answer queries meanwhile.
 */
export class ControlPool {
  readonly #threads = new Piscina({
    // What is built, also under a test runner that compiles on the fly: a thread starts from a file.
    filename: createRequire(import.meta.url).resolve('#control-thread'),
    minThreads: 0,
    // Planning holds the keys of all points of a study, analyzing the rows of a grid.
    maxThreads: 2,
    idleTimeout: IDLE_MS,
    workerData: { traced: isTraced() } satisfies ControlThreadData,
    // They pass through many short-lived rows: with room for them a third of their time is not spent on moving these.
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });

  plan(
    reference: StudyReference,
    round: number,
    again: boolean,
    signal: AbortSignal,
  ): Promise<RoundPlan> {
    return this.#run('plan', { reference, round, again }, signal);
  }

  analyze(reference: StudyReference, signal: AbortSignal): Promise<void> {
    return this.#run('analyze', reference, signal);
  }

  /** Ends the threads. */
  close(): Promise<void> {
    return this.#threads.destroy();
  }

  async #run<Value>(name: string, task: unknown, signal: AbortSignal): Promise<Value> {
    const { result, recording } = (await this.#threads.run(task, { name, signal })) as Recorded<
      ThreadResult<Value>
    >;
    replay(recording);
    return unsettled(result);
  }
}
