import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Ending } from '../../study/ending.js';
import type { StudyReference } from '../../study/orchestration.js';
import { workflowId } from '../../workflows/names.js';
import { tellOnce } from '../tell-once.js';
import { endAtOnce } from './end-workflows.js';
import { CANCELLED_AT_ONCE, resultOf } from './study-result.js';
import { shardsOf } from './study-view.js';
import { taskFaultOf } from './task-fault.js';

const LOOK_EVERY_MS = 200;

/** A worker that lives answers a request in milliseconds. */
const HEARD_WITHIN_MS = 10_000;

/** What is in flight ends within a heartbeat or two; who waits for longer wants to know for what. */
const SILENT_FOR_MS = 2_000;

/**
 * Cancels the workflow of a study, and waits until it has ended. Where no worker hears the request, or none can go on with the
 * study, it is ended at once instead.
 *
 * @param onWaiting gets a line, once each, that says what is waited for
 * @returns how it ended, which may have been before it heard
 * @throws WorkflowNotFoundError when it does not run
 */
export async function cancelStudy(
  client: Client,
  reference: StudyReference,
  onWaiting: (line: string) => void,
): Promise<Ending> {
  const id = workflowId(reference);
  const handle = client.workflow.getHandle(id);
  if ((await handle.describe()).status.name !== 'RUNNING') {
    throw new WorkflowNotFoundError('The study has ended.', id, undefined);
  }
  await handle.cancel();
  const tell = tellOnce(onWaiting);
  const asked = Date.now();
  let heardAt = asked;
  for (;;) {
    const description = await handle.describe();
    if (description.status.name !== 'RUNNING') return resultOf(client, id);
    const { pendingActivities, pendingWorkflowTask } = description.raw;
    if (pendingWorkflowTask == null) heardAt = Date.now();
    const fault = await taskFaultOf(client, description);
    if (fault !== null || Date.now() - heardAt > HEARD_WITHIN_MS) {
      const why = fault === null ? 'No worker hears of it' : `No worker can go on with it (${fault.message})`; // prettier-ignore
      tell(`${why}: it is ended at once.`);
      await endAtOnce(client, id, CANCELLED_AT_ONCE);
      return resultOf(client, id);
    }
    if (Date.now() - asked > SILENT_FOR_MS) {
      const workers = [...shardsOf(pendingActivities ?? []).inFlight.keys()];
      tell(
        pendingWorkflowTask == null
          ? `Waiting until what is in flight has stopped${workers.length > 0 ? `, on ${workers.join(', ')}` : ''}.`
          : 'Waiting for a worker that hears of it.',
      );
    }
    await delay(LOOK_EVERY_MS);
  }
}
