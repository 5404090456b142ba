import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { versionOfQueue } from '../../workflows/names.js';
import type { StudyLooks } from './study-looks.js';
import { shardsOf } from './study-view.js';

/**
 * The numerical version of shards that wait for solvers of an older version than this one, when no such solver is left. After an
 * upgrade of all workers nobody ever comes for them, though the workflow code may be the same.
 *
 * @returns null when there are none, or somebody may still come for them
 */
export async function versionLeftBehind(
  client: Client,
  looks: StudyLooks,
  { raw }: WorkflowExecutionDescription,
): Promise<number | null> {
  const ids = (raw.pendingChildren ?? []).flatMap(({ workflowId }) => workflowId ?? []);
  const segments = await Promise.all(ids.map((id) => client.workflow.getHandle(id).describe()));
  const pending = [raw, ...segments.map((segment) => segment.raw)].flatMap(
    ({ pendingActivities }) => pendingActivities ?? [],
  );
  const { queue, inFlight } = shardsOf(pending);
  const version = queue === null ? null : versionOfQueue(queue);
  if (version === null || version >= NUMERICAL_VERSION || inFlight.size > 0) return null;
  return (await looks.isDeserted(queue!)) ? version : null;
}
