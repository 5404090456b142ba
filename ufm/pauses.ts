import { setImmediate as yieldToEvents } from 'node:timers/promises';

/** How long other work of the thread may wait. */
const MOST_MILLISECONDS = 50;

/**
 * A function to call wherever a computation may pause: once in a while it lets other work of the thread go ahead.
 *
 * @returns a function that throws the signal's reason when it has aborted.
 */
export function pauses(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= MOST_MILLISECONDS) {
      await yieldToEvents();
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}
