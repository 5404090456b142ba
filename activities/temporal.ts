import { hostname } from 'node:os';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { INFRASTRUCTURE } from '../study/failures.js';
import { faultClassOf } from './fault-class.js';
import { errorType, note } from './span.js';
import type { Surroundings } from './surroundings.js';

/** A third of the shortest heartbeat timeout leaves room for a late timer; this is a twelfth. */
const HEARTBEAT_EVERY_MS = 500;

/**
 * Runs an activity under Temporal: heartbeats at a steady pace for as long as it runs, with the progress reported
 * last, and hands on the cancellation that the answers to them bring.
 *
 * @throws ApplicationFailure of the type `INFRASTRUCTURE` where that is the class of the fault, else of the name of the error
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
    throw error instanceof Error ? failureOf(error) : error;
  } finally {
    clearInterval(timer);
  }
}

function failureOf(error: Error): ApplicationFailure {
  const faultClass = faultClassOf(error);
  if (faultClass === 'infrastructure') {
    return ApplicationFailure.fromError(error, {
      type: INFRASTRUCTURE,
      // Whoever reads it is elsewhere.
      message: `on ${hostname()}: ${error.message}`,
      nonRetryable: true,
      // Whoever has taken the store out tells of it, once and not with each activity.
      category: ApplicationFailureCategory.BENIGN,
    });
  }
  // By its name, as the retry policies have it, which has come from another thread, unlike its class.
  return ApplicationFailure.fromError(error, {
    type: error.name,
    // Whoever has asked for this may have asked for any number of tries.
    nonRetryable: faultClass === 'permanent',
  });
}
