import {
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { withNews } from '../../study/conductor-state.js';
import type { RemoteSegment } from '../../study/relay.js';
import { reportQuery, segmentsQuery } from '../../workflows/messages.js';
import type { segment } from '../../workflows/segment.js';
import type { study } from '../../workflows/study.js';
import { shardsOf, solvedOf, troublesOf, waitOf, type StudyView } from './study-view.js';

/**
 * A view of a study with its segments, which are workflows of their own, and with why it waits.
 *
 * @param view of the study's own workflow
 * @param unsolved says why nobody solves its shards
 */
export async function withSegments<View extends StudyView>(
  client: Client,
  handle: WorkflowHandle<typeof study>,
  view: View,
  unsolved: (shards: Pick<StudyView, 'inFlight' | 'queue'>) => Promise<string[]>,
): Promise<View> {
  let whole = view;
  for (const known of await orNone(handle.query(segmentsQuery), [])) {
    whole = await withSegment(client, whole, known);
  }
  if (whole !== view && view.queue === null) {
    whole = { ...whole, troubles: [...whole.troubles, ...(await unsolved(whole))] };
  }
  const wait = whole.progress === null ? null : waitOf(whole.progress);
  return wait === null ? whole : { ...whole, troubles: [...whole.troubles, wait] };
}

async function withSegment<View extends StudyView>(
  client: Client,
  view: View,
  { id, report }: RemoteSegment,
): Promise<View> {
  const handle = client.workflow.getHandle<typeof segment>(id);
  const { namespace, loadedDataConverter: converter } = client.options;
  const context = { type: 'activity', namespace, workflowId: id, isLocal: false } as const;
  const decoder = { converter, context };
  const description = await orNone(handle.describe(), null);
  const pending = description?.raw.pendingActivities ?? [];
  const now = await orNone(handle.query(reportQuery), report);
  const shards = shardsOf(pending);
  const inFlight = new Map(view.inFlight);
  for (const [worker, count] of shards.inFlight) {
    inFlight.set(worker, (inFlight.get(worker) ?? 0) + count);
  }
  return {
    ...view,
    progress: view.progress === null ? null : withNews(view.progress, report, now),
    solvedInFlight: view.solvedInFlight + (await solvedOf(pending, decoder)),
    troubles: [...view.troubles, ...(await troublesOf(pending, decoder))],
    inFlight,
    queue: view.queue ?? shards.queue,
  };
}

/** Of a segment that is starting or has ended, of workers that are busy, and of those that know no such query. */
const NO_ANSWERS = [WorkflowNotFoundError, ServiceError, QueryNotRegisteredError];

async function orNone<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (NO_ANSWERS.some((kind) => error instanceof kind)) return otherwise;
    throw error;
  }
}
