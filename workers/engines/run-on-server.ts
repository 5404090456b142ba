import { ServiceError } from '@temporalio/client';
import { initialState, progressOf, withInFlight } from '../../study/conductor-state.js';
import { isBeyondMending } from '../client/mend-study.js';
import { StudyClient } from '../client/study-client.js';
import { startOrchestrator } from '../orchestrator.js';
import { pause } from '../pause.js';
import { configureRuntime } from '../runtime.js';
import type { RunningWorker } from '../running-worker.js';
import type { ServerAccess } from '../server/server-access.js';
import { startSolver } from '../solver.js';
import { ServedStores } from '../stores/served-stores.js';
import { tellOnce } from '../tell-once.js';
import { beginStudy } from './begin-study.js';
import { seeToOthers } from './other-studies.js';
import type { RunEnding, RunOptions } from './run-options.js';

/** Between two questions about progress: each takes 12 ms of CPU, half as much as a shard does. */
const PROGRESS_EVERY_MS = 250;
/** The same of a study that has run for ten seconds, and is likely to go on. */
const LATER_PROGRESS_EVERY_MS = 1000;
const LATER_AFTER_MS = 10_000;

/**
 * Runs a study on a Temporal server, with workers in this process unless it is left to others. Leaves the workflow as
 * it is when the signal comes.
 *
 * @param isAlone whether no other process works for the studies of this server, such as an embedded one that no other run uses
 * @throws Error when no server answers, or a worker of this process breaks; StudyIsOpen when the study runs already, and not as
 *   it was asked for
 */
export async function runOnServer(
  access: ServerAccess,
  isAlone: boolean,
  options: RunOptions,
): Promise<RunEnding> {
  const { reference, device, threads, queue, worker, signal } = options;
  configureRuntime({ logLevel: 'ERROR', metrics: null, deployment: null });
  const client = await StudyClient.connect(access);
  const workers: RunningWorker[] = [];
  const over = new AbortController();
  try {
    // Before there are workers, which would go on with what is left of earlier runs.
    await seeToOthers(client, isAlone, options);
    if (threads > 0) {
      await client.requireNoneNewer(reference);
      const stores = ServedStores.ofStudy(reference, options.onNotice);
      workers.push(await startOrchestrator(access, stores));
      workers.push(await startSolver(access, stores, { device, threads, queue, worker }));
    }
    await beginStudy(client, isAlone, options);
    return await Promise.race([
      follow(client, { ...options, signal: AbortSignal.any([signal, over.signal]) }),
      ...workers.map(breakdown),
    ]);
  } finally {
    over.abort();
    await Promise.allSettled(workers.map((running) => running.stop()));
    await client.close();
  }
}

/**
 * Reports progress until the workflow has ended or the signal comes. One question at a time, and none is left open
 * at the end, when the connection closes. A server that does not answer is asked again: it may be starting.
 */
async function follow(client: StudyClient, options: RunOptions): Promise<RunEnding> {
  const { reference, signal, onProgress, onNotice } = options;
  const engine = 'temporal';
  let progress = progressOf(initialState(options.window));
  const tell = tellOnce(onNotice);
  const started = performance.now();
  const wait = (): number =>
    performance.now() - started < LATER_AFTER_MS ? PROGRESS_EVERY_MS : LATER_PROGRESS_EVERY_MS;
  while (await pause(wait(), signal)) {
    try {
      const answer = await client.look(reference);
      answer.troubles.forEach(tell);
      progress = answer.progress ?? progress;
      onProgress(withInFlight(progress, answer.solvedInFlight));
      if (isBeyondMending(answer.taskFault, answer.memo)) {
        const message = `no worker can go on with it, and starting it anew did not help: ${answer.taskFault!.message}`;
        return { engine, state: 'failed', progress, message };
      }
      if (answer.running) continue;
      const result = await client.result(reference);
      if (result.state === 'done') onProgress(result.progress);
      return { engine, progress, ...result };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      tell('The Temporal server does not answer; trying again until it does.');
    }
  }
  return { engine, state: 'interrupted', progress };
}

/** A worker that ends by itself is broken, and its study would wait for ever for another one. */
async function breakdown(worker: RunningWorker): Promise<never> {
  await worker.finished;
  throw new Error('A Temporal worker of this process has stopped; its log says why.');
}
