import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { solvePart, type PartTask, type SolvedPart } from '../../activities/solve-part.js';
import { solveTraced } from '../../activities/solve-traced.js';
import type { Instance } from '../../study/instance.js';
import type { Solution } from '../../ufm/solution.js';
import type { SolveOptions } from '../../ufm/solve-options.js';
import type { ChosenBackend, DeviceChoice } from '../../ufm/tensor/backend.js';
import { SpanRecorder, type Recorded } from '../tracing/span-recorder.js';
import { settled, type ThreadResult } from './thread-result.js';

/** What all batches of a thread have in common. */
export interface SolverThreadSettings {
  readonly device: DeviceChoice;
}

/** The same, with whether its spans are wanted. */
export interface SolverThreadData extends SolverThreadSettings {
  readonly traced: boolean;
}

/** A task with where to tell how it goes on. */
export interface SolverTask<Task> {
  readonly task: Task;
  /** Gets the number of instances that have ended since the message before. */
  readonly progress: MessagePort;
}

/** Between two messages on progress: a message costs as much as a tenth of an exact solution. */
const PROGRESS_EVERY_MS = 100;

const { device, traced } = Piscina.workerData as SolverThreadData;
const recorder = SpanRecorder.start(traced);

/** Starts the device of this thread, and says which one it is. */
export async function startDevice(): Promise<ChosenBackend> {
  const { chooseBackend } = await import('../../ufm/tensor/backend.js');
  return chooseBackend(device);
}

/** Solves a batch. */
export function solve({
  task,
  progress,
}: SolverTask<readonly Instance[]>): Promise<Recorded<ThreadResult<Solution[]>>> {
  return recorder.record(() =>
    settled(reporting(progress, (options) => solveTraced(task, options))),
  );
}

/** Solves what is left of a shard and encodes its part. */
export function part({
  task,
  progress,
}: SolverTask<PartTask>): Promise<Recorded<ThreadResult<SolvedPart>>> {
  return recorder.record(() => settled(reporting(progress, (options) => solvePart(task, options))));
}

async function reporting<Result>(
  progress: MessagePort,
  work: (options: SolveOptions) => Promise<Result>,
): Promise<Result> {
  let ended = 0;
  let told = performance.now();
  const tell = (): void => {
    progress.postMessage(ended);
    ended = 0;
    told = performance.now();
  };
  try {
    return await work({
      device,
      onEnded: (count) => {
        ended += count;
        if (performance.now() - told > PROGRESS_EVERY_MS) tell();
      },
    });
  } finally {
    tell();
    progress.close();
  }
}
