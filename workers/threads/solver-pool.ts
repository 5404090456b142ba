import { createRequire } from 'node:module';
import { MessageChannel, receiveMessageOnPort, SHARE_ENV } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { PartTask, SolvedPart } from '../../activities/solve-part.js';
import type { Solver } from '../../activities/solver.js';
import { isTraced, replay } from '../../activities/span.js';
import type { Instance } from '../../study/instance.js';
import type { Solution } from '../../ufm/solution.js';
import type { SolverTask, SolverThreadData, SolverThreadSettings } from './solver-thread.js';
import type { Recorded } from '../tracing/span-recorder.js';
import { unsettled, type ThreadResult } from './thread-result.js';

/**
 * A thread that had nothing to solve for so long ends and gives back its memory, some 100 MB: while a study is analyzed it
 * would be missed. Starting another one takes a second, which is little beside such a pause.
 */
const IDLE_MS = 5_000;

/**
 * Solves in worker threads, because a solver never yields to the event loop for long, and because a tensor backend
 * is global to its thread. A thread starts at the first batch that finds no idle one.
 */
export class SolverPool implements Solver {
  readonly #threads: Piscina;

  private constructor(threads: number, settings: SolverThreadSettings) {
    this.#threads = new Piscina({
      // What is built, also under a test runner that compiles on the fly: a thread starts from a file.
      filename: createRequire(import.meta.url).resolve('#solver-thread'),
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      workerData: { ...settings, traced: isTraced() } satisfies SolverThreadData,
      // TensorFlow reads the process's environment, which a thread's copy of it would not change.
      env: SHARE_ENV,
    });
  }

  /**
   * @param threads how many batches are solved at the same time, >= 1
   * @throws Error when the device asked for is not there, with what to do about it
   */
  static async start(threads: number, settings: SolverThreadSettings): Promise<SolverPool> {
    const pool = new SolverPool(threads, settings);
    try {
      // `auto` always finds one; a device by name had better be missed here than once a shard.
      if (settings.device !== 'auto') await pool.#threads.run(null, { name: 'startDevice' });
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  get lanes(): number {
    return this.#threads.maxThreads;
  }

  solve(
    instances: readonly Instance[],
    signal: AbortSignal,
    onEnded: (count: number) => void,
  ): Promise<readonly Solution[]> {
    return this.#run<Solution[]>('solve', instances, signal, onEnded);
  }

  solvePart(
    task: PartTask,
    signal: AbortSignal,
    onEnded: (count: number) => void,
  ): Promise<SolvedPart> {
    return this.#run<SolvedPart>('part', task, signal, onEnded);
  }

  /** @param name of an export of `solver-thread.ts` */
  async #run<Result>(
    name: string,
    task: unknown,
    signal: AbortSignal,
    onEnded: (count: number) => void,
  ): Promise<Result> {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', onEnded);
    try {
      const work: SolverTask<unknown> = { task, progress: port2 };
      // Aborting a batch that has begun ends its thread: nothing gentler stops a loop that does not yield.
      const { result, recording } = (await this.#threads.run(work, {
        name,
        transferList: [port2],
        signal,
      })) as Recorded<ThreadResult<Result>>;
      replay(recording);
      // The result comes on another port, and may be quicker than counts that were sent before it.
      for (let sent; (sent = receiveMessageOnPort(port1)) !== undefined;)
        onEnded(sent.message as number);
      return unsettled(result);
    } finally {
      port1.close();
    }
  }

  /** Ends the threads. Batches that have not ended reject. */
  async close(): Promise<void> {
    await this.#threads.destroy();
  }
}
