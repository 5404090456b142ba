import type { Instance } from '../../study/instance.js';
import { pauses } from '../pauses.js';
import type { Engine } from './engine.js';
import type { Outcome } from './outcome.js';
import { init } from './state.js';
import { step } from './step.js';
import { terminate } from './terminate.js';

export interface FirstOrderOptions {
  readonly signal: AbortSignal;
  /** Called with the number of instances that have ended since the last call. */
  readonly onEnded: (count: number) => void;
}

/** Evaluations between two looks at the proof, each of which costs about as much as one or more. */
const STRIDE = 10;

/**
 * Solves instances of one shape in one batch, from their seeds: init, then steps until everyone has terminated.
 *
 * @throws the signal's reason when it aborts; an error when the batch does not fit on the device.
 */
export async function solveFirstOrder(
  instances: readonly Instance[],
  engine: Engine,
  { signal, onEnded }: FirstOrderOptions,
): Promise<Outcome[]> {
  const outcomes = new Map<number, Outcome>();
  const pause = pauses(signal);
  let state = init(instances, engine);
  try {
    while (state.members.length > 0) {
      for (let i = 0; i < STRIDE; i++) {
        state = await step(state);
        await pause();
      }
      const termination = await terminate(state);
      state = termination.state;
      for (const [index, outcome] of termination.ended) outcomes.set(index, outcome);
      onEnded(termination.ended.size);
    }
  } finally {
    state.batch.dispose();
  }
  return instances.map((_, index) => outcomes.get(index)!);
}
