import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { LoadedDataConverter, SerializationContext } from '@temporalio/common';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import protocol from '@temporalio/proto';
import type { Progress } from '../../study/orchestration.js';

const { PendingActivityState } = protocol.temporal.api.enums.v1;

/** A study workflow at a moment. */
export interface StudyView {
  readonly running: boolean;
  /** Of shards that have ended. Null when it does not run, or no worker answers for it soon. */
  readonly progress: Progress | null;
  /** Points that are solved of the shards in flight, by the last heartbeats of their workers. */
  readonly solvedInFlight: number;
  /** What is being tried again, and why, a line each. */
  readonly troubles: readonly string[];
  /** How many shards each worker is solving, by its identity. */
  readonly inFlight: ReadonlyMap<string, number>;
  /** Task queue of the shards, as the server has it; null when none is waiting or being solved. */
  readonly queue: string | null;
}

/** An activity that has not ended, as a server describes it. */
type PendingActivity = NonNullable<
  WorkflowExecutionDescription['raw']['pendingActivities']
>[number];

/** What reads the payloads of a workflow's activities. */
export interface ActivityDecoder {
  readonly converter: LoadedDataConverter;
  /** Whose they are, to which they are bound where they are encrypted. */
  readonly context: SerializationContext;
}

/** Why a study hands out one shard at a time; null when it does not. */
export function waitOf({ halted = null }: Progress): string | null {
  return halted === null
    ? null
    : `Trying one step at a time, until the infrastructure is back: ${halted}`;
}

/** What is being tried again, and why. */
export async function troublesOf(
  pending: readonly PendingActivity[],
  { converter, context }: ActivityDecoder,
): Promise<string[]> {
  const troubles = pending.map(async ({ activityType, lastFailure }) => {
    const failure = await decodeOptionalFailureToOptionalError(converter, lastFailure, context);
    return failure === undefined
      ? []
      : [`Trying ${activityType?.name ?? 'an activity'} again after: ${failure.message}`];
  });
  return (await Promise.all(troubles)).flat();
}

/** How many points of the shards in flight are solved. */
export async function solvedOf(
  pending: readonly PendingActivity[],
  { converter, context }: ActivityDecoder,
): Promise<number> {
  const counts = pending.filter(isBeingSolved).map(async ({ heartbeatDetails }) => {
    const [beat] = await decodeArrayFromPayloads(converter, heartbeatDetails?.payloads, context);
    return (beat as { done: number } | undefined)?.done ?? 0;
  });
  return (await Promise.all(counts)).reduce((sum, done) => sum + done, 0);
}

function isBeingSolved({ activityType, state }: PendingActivity): boolean {
  const isStarted = state === PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;
  return isStarted && activityType?.name === 'solveShard';
}

/** Who solves the shards, and where those that wait are. */
export function shardsOf(
  pending: readonly PendingActivity[],
): Pick<StudyView, 'inFlight' | 'queue'> {
  const shards = pending.filter(({ activityType }) => activityType?.name === 'solveShard');
  const inFlight = new Map<string, number>();
  for (const { lastWorkerIdentity } of shards.filter(isBeingSolved)) {
    if (!lastWorkerIdentity) continue;
    inFlight.set(lastWorkerIdentity, (inFlight.get(lastWorkerIdentity) ?? 0) + 1);
  }
  return { inFlight, queue: shards[0]?.activityOptions?.taskQueue?.name ?? null };
}
