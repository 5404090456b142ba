import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Instance } from '../../study/instance.js';
import { compactWhenSparse, dispose, init } from './batch.js';
import { look } from './look.js';
import type { TensorOutcome } from './outcome.js';
import { step } from './step.js';

export interface TensorOptions {
  readonly signal: AbortSignal;
  /** Called with the number of instances that have ended since the last call. */
  readonly onEnded: (count: number) => void;
}

/** Evaluations between two looks, each of which costs about as much as one. */
const STRIDE = 10;

/**
 * Solves instances of one shape in one batch, from their seeds. Every STRIDE evaluations a look in float64 finds who
 * is within tolerance, stagnates or has diverged; they end, and the batch is compacted when half of it has ended.
 * Yields to the event loop at every look.
 *
 * @throws the signal's reason when it aborts; an error when the batch does not fit on the device.
 */
export async function solveTensor(
  instances: readonly Instance[],
  { signal, onEnded }: TensorOptions,
): Promise<TensorOutcome[]> {
  const outcomes = new Map<number, TensorOutcome>();
  let state = init(instances);
  try {
    while (outcomes.size < instances.length) {
      state = compactWhenSparse(state);
      for (let i = 0; i < STRIDE; i++) state = await step(state);
      const { members, ended } = await look(state);
      for (const [index, outcome] of ended) outcomes.set(index, outcome);
      state = { ...state, members };
      onEnded(ended.size);
      await yieldToEvents();
      signal.throwIfAborted();
    }
  } finally {
    dispose(state);
  }
  return instances.map((_, index) => outcomes.get(index)!);
}
