import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Instance } from '../study/instance.js';
import type { Solution } from '../ufm/solution.js';
import { solveBatch } from '../ufm/solve.js';
import { chooseBackend, type ChosenBackend, type DeviceChoice } from '../ufm/tensor/backend.js';

/** What all batches of a thread have in common. */
export interface SolverThreadSettings {
  readonly device: DeviceChoice;
}

export interface SolverTask {
  readonly instances: readonly Instance[];
  /** Gets the number of instances that have ended since the message before. */
  readonly progress: MessagePort;
}

const { device } = Piscina.workerData as SolverThreadSettings;

/** What a thread of the solver pool does with a batch. */
export default async function solveTask({ instances, progress }: SolverTask): Promise<Solution[]> {
  try {
    return await solveBatch(instances, {
      device,
      onEnded: (count) => {
        progress.postMessage(count);
      },
    });
  } finally {
    progress.close();
  }
}

/** Starts the device of this thread, and says which one it is. */
export function startDevice(): Promise<ChosenBackend> {
  return chooseBackend(device);
}
