import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { idsOfSegments } from '../../workflows/names.js';

/** Ends a workflow at once, unless it has ended, and all that belong to it. Their activities end with their next heartbeats. */
export async function endAtOnce(client: Client, workflowId: string, reason: string): Promise<void> {
  await terminate(client, workflowId, undefined, reason);
  await endBelow(client, workflowId, null);
}

/**
 * Ends the workflows of the segments of a study, which outlive the run that has started them.
 *
 * @param except id of the run whose segments stay, by which their ids begin; null for none
 */
export async function endBelow(
  client: Client,
  workflowId: string,
  except: string | null,
): Promise<void> {
  const query = `ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '${workflowId}/'`;
  const kept = except === null ? null : idsOfSegments(workflowId, except);
  for await (const { workflowId: id, runId } of client.workflow.list({ query })) {
    if (kept !== null && id.startsWith(kept)) continue;
    await terminate(client, id, runId, `The study ${workflowId} has ended, or was started anew.`);
  }
}

async function terminate(
  client: Client,
  workflowId: string,
  runId: string | undefined,
  reason: string,
): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId, runId).terminate(reason);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
