import type { ActivityOptions, RetryPolicy } from '@temporalio/workflow';
import { INFRASTRUCTURE, PERMANENT_FAILURES } from '../study/failures.js';

/**
 * The worker was killed, ran out of memory or lost its device: another one goes on at once, from the pieces that
 * were published. A step that takes this many workers with it is at fault itself. A store that is away takes none of these
 * tries: it fails a step as `INFRASTRUCTURE`, and the conductor hands that out again as often as it takes.
 */
const WORKER_LOST: RetryPolicy = {
  initialInterval: '500ms',
  backoffCoefficient: 2,
  maximumInterval: '10s',
  maximumAttempts: 20,
  nonRetryableErrorTypes: [...PERMANENT_FAILURES, INFRASTRUCTURE],
};

/**
 * Activities heartbeat every half second, so a missing heartbeat means a dead worker, not a slow one. The margin is
 * for a machine whose cores are all taken.
 */
const HEARTBEAT_TIMEOUT = '6s';

/** Of planning and analyzing, on the queue of the store. */
export const CONTROL_OPTIONS: ActivityOptions = {
  startToCloseTimeout: '6h',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: WORKER_LOST,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
};

/** Of solving, on the queue that a study names: cancelled means that it has stopped, not only that it was told to. */
export const SOLVE_OPTIONS: ActivityOptions = {
  startToCloseTimeout: '7d',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: WORKER_LOST,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
};
