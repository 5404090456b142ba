import { ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { StudyReference } from '../../study/orchestration.js';
import { workflowId } from '../../workflows/names.js';

/**
 * Id of the open workflow of a study that began before stores had identities, which that of today takes the place of; null where
 * there is none, or it is of another store.
 */
export async function findEarlier(
  client: Client,
  { storeId, ...earlier }: StudyReference,
): Promise<string | null> {
  if (storeId === undefined) return null;
  const id = workflowId(earlier);
  try {
    const { status, memo } = await client.workflow.getHandle(id).describe();
    return status.name === 'RUNNING' && memo?.['store'] === earlier.store ? id : null;
  } catch (error) {
    if (error instanceof ServiceError && !(error instanceof WorkflowNotFoundError)) throw error;
    // There is none, or it is encrypted with the keys of somebody else, whose study it is then.
    return null;
  }
}
