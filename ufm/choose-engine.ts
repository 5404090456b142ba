import type { BalancedProblem } from './first-order/balance.js';
import type { Engine } from './first-order/engine.js';
import { loops } from './loops/engine.js';
import type { Surroundings } from './solve-options.js';
import { chooseBackend } from './tensor/backend.js';
import { tensorsWithin } from './tensor/engine.js';
import { memoryForBatch } from './tensor/memory.js';

/** An engine, and what rows say of it. */
export interface ChosenEngine {
  readonly engine: Engine;
  readonly backend: string;
  readonly device: string;
}

/**
 * Multiplications of one evaluation, instances x rows x classes x features, from which native TensorFlow on a CPU is
 * worth its calls; measured in docs/decisions/plain-loops.md.
 */
const LEAST_WORK_OF_NATIVE = 5e6;

const plainLoops: ChosenEngine = { engine: loops, backend: 'loops', device: 'cpu' };

/**
 * The engine for so many instances of one shape on the device that was asked for; `auto` spares native TensorFlow on
 * a CPU what plain loops do faster.
 *
 * @throws Error when the device is not there, with what to do about it.
 */
export async function chooseEngine(
  wanted: Surroundings['device'],
  { classes, features, rows }: BalancedProblem,
  count: number,
): Promise<ChosenEngine> {
  const started = await chooseBackend(wanted);
  const { backend, device } = started;
  if (backend === 'loops') return plainLoops;
  const isFew = count * rows * classes * features < LEAST_WORK_OF_NATIVE;
  if (wanted === 'auto' && device === 'cpu' && isFew) return plainLoops;
  return { engine: tensorsWithin(memoryForBatch(started)), backend, device };
}
