import { setTimeout as delay } from 'node:timers/promises';

/** Waits; false when the signal has come, which ends the waiting. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await delay(milliseconds, null, { signal }).catch(() => null);
  return !signal.aborted;
}
