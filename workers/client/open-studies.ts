import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import type { StudyReference } from '../../study/orchestration.js';
import { idsOfStore, versionOfId, workflowId } from '../../workflows/names.js';
import { readMemo, type StudyMemo } from './study-memo.js';

/** A study whose workflow has not ended. */
export interface OpenStudy {
  readonly study: string;
  readonly specHash: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly memo: StudyMemo;
  /** Whether Temporal's worker versioning says which code goes on with it. */
  readonly isVersioned: boolean;
}

/** The open workflow of a study, as the server describes it; null when there is none. */
export async function findOpen(
  client: Client,
  reference: StudyReference,
): Promise<(OpenStudy & { readonly description: WorkflowExecutionDescription }) | null> {
  try {
    const description = await client.workflow.getHandle(workflowId(reference)).describe();
    if (description.status.name !== 'RUNNING') return null;
    const info = description.raw.workflowExecutionInfo;
    return { ...openStudy(description, reference, info), description };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** All open studies of a store. One that began or ended a second ago may be wrongly there or missing. */
export async function openStudies(
  client: Client,
  store: Required<Pick<StudyReference, 'storeId'>>,
): Promise<OpenStudy[]> {
  const prefix = idsOfStore(store);
  const query = `WorkflowType = 'study' AND ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '${prefix}'`;
  const open: OpenStudy[] = [];
  for await (const info of client.workflow.list({ query })) {
    const version = versionOfId(info.workflowId);
    if (version !== null) open.push(openStudy(info, version, info.raw));
  }
  return open;
}

function openStudy(
  { workflowId: id, runId, memo }: Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'memo'>,
  { study, specHash }: Pick<StudyReference, 'study' | 'specHash'>,
  info: WorkflowExecutionInfo['raw'] | null | undefined,
): OpenStudy {
  const versioning = info?.versioningInfo;
  const isVersioned = Boolean(versioning?.behavior) || versioning?.deploymentVersion != null;
  return { study, specHash, workflowId: id, runId, memo: readMemo(memo), isVersioned };
}
