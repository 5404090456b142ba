import { ApplicationFailure, Context } from '@temporalio/activity';
import { PERMANENT_FAILURES } from '../study/failures.js';
import { errorType, note } from './span.js';
import type { Surroundings } from './surroundings.js';

/** A third of the shortest heartbeat timeout leaves room for a late timer; this is a twelfth. */
const HEARTBEAT_EVERY_MS = 500;

/**
 * Runs an activity under Temporal: heartbeats at a steady pace for as long as it runs, with the progress reported
 * last, and hands on the cancellation that the answers to them bring.
 */
export async function underTemporal<T>(
  work: (surroundings: Surroundings) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  note({ 'ufm.attempt': context.info.attempt });
  let progress = { done: 0, of: 0 };
  const timer = setInterval(() => {
    context.heartbeat(progress);
  }, HEARTBEAT_EVERY_MS);
  try {
    return await work({
      signal: context.cancellationSignal,
      attempt: context.info.attempt,
      report(latest) {
        progress = latest;
      },
    });
  } catch (error) {
    // What a cancelled activity rejects with is not what failed: Temporal wants to hear that it was cancelled.
    if (context.cancellationSignal.aborted) throw context.cancellationSignal.reason;
    note({ 'error.type': errorType(error) });
    // By its name, as the retry policies have it, which has come from another thread, unlike its class.
    throw error instanceof Error
      ? ApplicationFailure.fromError(error, {
          type: error.name,
          // Whoever has asked for this may have asked for any number of tries.
          nonRetryable: PERMANENT_FAILURES.includes(error.name),
        })
      : error;
  } finally {
    clearInterval(timer);
  }
}
