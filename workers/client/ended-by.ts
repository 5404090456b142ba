import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';

/**
 * Makes calls of a client that a signal ends. The SDK has a listener on the signal for each call, and leaves it there: a signal that
 * outlives many calls would hold them all.
 *
 * @throws what the calls throw
 */
export async function endedBy<T>(
  signal: AbortSignal,
  client: Pick<Client, 'withAbortSignal'>,
  calls: () => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  const end = (): void => {
    own.abort(signal.reason);
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  try {
    return await client.withAbortSignal(own.signal, calls);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
