import { setTimeout as delay } from 'node:timers/promises';

/** With the pauses below some six seconds on average: longer than a service takes to fail over to another machine. */
export const ATTEMPTS = 8;

const FIRST_PAUSE_MS = 100;

/**
 * Tries again after pauses that double, each of random length, so that many workers do not come back all at once.
 *
 * @param passes whether a failure may be gone the next time
 * @throws the last failure
 */
export async function withBackOff<T>(
  attempt: () => Promise<T>,
  passes: (error: unknown) => boolean,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === ATTEMPTS || !passes(error)) throw error;
    }
    await delay(Math.random() * FIRST_PAUSE_MS * 2 ** (tried - 1));
  }
}
