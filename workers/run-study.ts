import type { Worker } from '../activities/surroundings.js';
import { ServiceError } from '@temporalio/client';
import { provideTemporalBinary } from '../infra/temporal-binary.js';
import { initialState, progressOf, withInFlight } from '../study/conductor-state.js';
import type { Progress, StudyReference } from '../study/orchestration.js';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import { configuredServer, openServer, type ServerAccess } from './connection.js';
import { startEmbeddedServer } from './embedded-server.js';
import { runLocally } from './local-engine.js';
import { LocalRecord } from './local-record.js';
import { pause } from './pause.js';
import { startOrchestrator } from './orchestrator.js';
import type { RunningWorker } from './running-worker.js';
import { startSolver } from './solver.js';
import { SolverPool } from './solver-pool.js';
import { StudyClient, type StudySettings } from './study-client.js';

/** Between two questions about progress: each takes 12 ms of CPU, half as much as a shard does. */
const PROGRESS_EVERY_MS = 250;
/** The same of a study that has run for ten seconds, and is likely to go on. */
const LATER_PROGRESS_EVERY_MS = 1000;
const LATER_AFTER_MS = 10_000;

export interface RunOptions extends StudySettings {
  readonly reference: StudyReference;
  readonly engine: 'auto' | 'temporal' | 'local';
  /** Address of a Temporal server; null for the one that is configured, or else an embedded one. */
  readonly address: string | null;
  /** Folder of the embedded server's database. */
  readonly serverFolder: string;
  readonly device: DeviceChoice;
  /** Solver threads of this process; 0 leaves all work to other workers of a server that is given or configured. */
  readonly threads: number;
  readonly worker: Worker;
  /** Asks to stop: workers drain, the server stops, the study stays ready to go on. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Gets a line when something is not as one might expect, such as another engine than wanted. */
  readonly onNotice: (line: string) => void;
}

export interface RunEnding {
  readonly engine: 'temporal' | 'local';
  /**
   * `done`: to the end, failed points included; `cancelled`: by a request to the workflow; `interrupted`: by the
   * signal, and to be continued; `failed`: planning or analyzing failed for good, `message` says why.
   */
  readonly state: 'done' | 'cancelled' | 'interrupted' | 'failed';
  readonly progress: Progress;
  readonly message: string | null;
}

/**
 * Runs a study to its end, or goes on with it: with workers in this process, on a Temporal server that is given,
 * configured or embedded, or without one. Leaves no process behind, however it ends.
 *
 * @throws Error when no server answers at the address, `temporal` is wanted and none can be had, or nobody would solve.
 */
export async function runStudy(options: RunOptions): Promise<RunEnding> {
  const configured = options.engine === 'local' ? null : configuredServer(options.address);
  if (configured !== null) return runOnServer(configured, options);
  if (options.threads === 0) {
    throw new Error(
      'Nobody would solve the study: --threads 0 leaves it to workers of a Temporal server, and none is given or configured.',
    );
  }
  if (options.engine === 'local') return runWithoutServer(options);

  const binary = await provideTemporalBinary(options.onNotice, false);
  if (binary !== null) return runEmbedded(binary, options);
  if (options.engine === 'temporal') {
    throw new Error(
      'There is no Temporal server: give --address, or install the `temporal` command (https://docs.temporal.io/cli).',
    );
  }
  options.onNotice('Running without a Temporal server, in this process alone (--engine local).');
  return runWithoutServer(options);
}

async function runEmbedded(binary: string, options: RunOptions): Promise<RunEnding> {
  const folder = options.serverFolder;
  const server = await startEmbeddedServer({ folder, binary, extraArguments: [] });
  const over = new AbortController();
  const supervising = server.supervise(over.signal).catch((error: unknown) => {
    options.onNotice(String(error));
  });
  try {
    return await runOnServer(openServer(server.address), options);
  } finally {
    over.abort();
    await supervising;
    await server.stop();
  }
}

async function runOnServer(access: ServerAccess, options: RunOptions): Promise<RunEnding> {
  const { reference, device, threads, queue, worker, signal } = options;
  const client = await StudyClient.connect(access);
  const workers: RunningWorker[] = [];
  const over = new AbortController();
  try {
    if (threads > 0) {
      workers.push(await startOrchestrator(access));
      workers.push(await startSolver(access, { device, threads, queue, worker }));
    }
    await client.start(reference, options);
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
  let progress = progressOf(initialState(options.window));
  const told = new Set<string>();
  const tell = (line: string): void => {
    if (!told.has(line)) onNotice(line);
    told.add(line);
  };
  const started = performance.now();
  const wait = (): number =>
    performance.now() - started < LATER_AFTER_MS ? PROGRESS_EVERY_MS : LATER_PROGRESS_EVERY_MS;
  while (await pause(wait(), signal)) {
    try {
      const answer = await client.look(reference);
      answer.troubles.forEach(tell);
      progress = answer.progress ?? progress;
      onProgress(withInFlight(progress, answer.solvedInFlight));
      if (answer.running) continue;
      const result = await client.result(reference);
      if (result.state === 'done') onProgress(result.progress);
      return { engine: 'temporal', message: null, progress, ...result };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      tell('The Temporal server does not answer; trying again until it does.');
    }
  }
  return { engine: 'temporal', state: 'interrupted', progress, message: null };
}

async function runWithoutServer(options: RunOptions): Promise<RunEnding> {
  const { device, threads, signal, reference } = options;
  const solver = await SolverPool.start(threads, { device });
  const record = new LocalRecord(reference);
  let progress = progressOf(initialState(options.window));
  const onProgress = (latest: Progress): void => {
    progress = latest;
    record.tell(latest);
    options.onProgress(latest);
  };
  try {
    const ending = await runLocally({ ...options, solver, onProgress });
    const state = ending === 'done' ? 'done' : 'interrupted';
    return { engine: 'local', state, progress, message: null };
  } catch (error) {
    if (signal.aborted) return { engine: 'local', state: 'interrupted', progress, message: null };
    return { engine: 'local', state: 'failed', progress, message: String(error) };
  } finally {
    await solver.close();
    await record.remove();
  }
}

/** A worker that ends by itself is broken, and its study would wait for ever for another one. */
async function breakdown(worker: RunningWorker): Promise<never> {
  await worker.finished;
  throw new Error('A Temporal worker of this process has stopped; its log says why.');
}
