import { WorkflowFailedError, type Client } from '@temporalio/client';
import { CancelledFailure, rootCause, TerminatedFailure } from '@temporalio/common';
import type { Ending } from '../../study/ending.js';
import type { study } from '../../workflows/study.js';

/** Why a workflow was ended that its server would not have ended by a request. */
export const CANCELLED_AT_ONCE = 'Cancelled, although nobody goes on with it.';

/** Waits until the workflow of a study has ended, through all the runs that continue it or take its place. */
export async function resultOf(client: Client, workflowId: string): Promise<Ending> {
  for (;;) {
    const handle = client.workflow.getHandle<typeof study>(workflowId);
    try {
      return { state: 'done', progress: await handle.result() };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      const { cause } = error;
      if (cause instanceof CancelledFailure) return { state: 'cancelled' };
      if (cause instanceof TerminatedFailure) {
        if (cause.message === CANCELLED_AT_ONCE) return { state: 'cancelled' };
        const { status } = await handle.describe();
        if (status.name === 'RUNNING') continue;
      }
      return { state: 'failed', message: rootCause(cause) ?? error.message };
    }
  }
}
