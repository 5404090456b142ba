import type { Client } from '@temporalio/client';

/** What the histories of a study come to: of all its runs, and of the segments of its rounds. */
export interface Histories {
  readonly runs: number;
  readonly events: number;
  readonly historyBytes: number;
}

/**
 * Counts the histories of a workflow. They name each other, the run that each continues and the children, whereas a list of the
 * server is seconds late.
 */
export async function countHistories(client: Client, id: string): Promise<Histories> {
  const sum = { runs: 0, events: 0, historyBytes: 0 };
  const waiting: { readonly id: string; readonly run?: string | undefined }[] = [{ id }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const handle = client.workflow.getHandle(next.id, next.run);
    const { raw, historyLength } = await handle.describe();
    const { events } = await handle.fetchHistory();
    sum.runs += 1;
    sum.events += historyLength;
    sum.historyBytes += Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
    for (const event of events ?? []) {
      const child = event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId;
      if (child) waiting.push({ id: child });
      const run = event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
      if (run) waiting.push({ id: next.id, run });
    }
  }
  return sum;
}
