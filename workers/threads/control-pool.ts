import { createRequire } from 'node:module';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { isTraced, replay } from '../../activities/span.js';
import type { RoundPlan, StudyReference } from '../../study/orchestration.js';
import type { ControlTask, ControlThreadData } from './control-thread.js';
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

  readonly #running = new Set<Promise<unknown>>();

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

  /** Ends the threads, once what they do has ended: see `control-thread.ts`. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running);
    await this.#threads.destroy();
  }

  async #run<Value>(name: string, task: unknown, signal: AbortSignal): Promise<Value> {
    signal.throwIfAborted();
    const { port1, port2 } = new MessageChannel();
    const cancel = (): void => {
      port1.postMessage(null);
    };
    signal.addEventListener('abort', cancel);
    const running = this.#threads.run({ task, cancelled: port2 } satisfies ControlTask<unknown>, {
      name,
      transferList: [port2],
    }) as Promise<Recorded<ThreadResult<Value>>>;
    this.#running.add(running);
    try {
      const { result, recording } = await running;
      replay(recording);
      signal.throwIfAborted();
      return unsettled(result);
    } finally {
      this.#running.delete(running);
      signal.removeEventListener('abort', cancel);
      port1.close();
    }
  }
}
