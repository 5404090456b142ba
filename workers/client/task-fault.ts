import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import protocol from '@temporalio/proto';

const { EventType, WorkflowTaskFailedCause } = protocol.temporal.api.enums.v1;

/** Anything may go wrong once or twice, such as a worker that was killed. */
const TRIES = 3;

const ENDS_OF_TASKS = new Set([
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
]);

/** Why workers fail again and again to go on with a workflow. */
export interface TaskFault {
  /** Whether its history does not replay with their code, which starting it anew mends. */
  readonly isReplay: boolean;
  readonly message: string;
}

/** What is wrong with a workflow that does not go on; null when nothing is known to be. */
export async function taskFaultOf(
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionDescription,
): Promise<TaskFault | null> {
  if ((raw.pendingWorkflowTask?.attempt ?? 0) < TRIES) return null;
  const { history } = await client.connection.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 100,
  });
  // Of the tries in a row the first is written down; signals may have come since.
  const failed = history?.events?.find(({ eventType }) =>
    ENDS_OF_TASKS.has(eventType!),
  )?.workflowTaskFailedEventAttributes;
  if (failed == null) return null;
  const { WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR: replay } = WorkflowTaskFailedCause;
  return {
    isReplay: failed.cause === replay,
    message: failed.failure?.message ?? 'no reason was given',
  };
}
