import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Progress, StudyReference } from '../../study/orchestration.js';
import { openServer } from '../../workers/server/server-access.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { progressQuery } from '../../workflows/messages.js';
import { workflowId } from '../../workflows/names.js';
import type { Cluster } from './cluster.js';

/** What the server says of a study at a moment; null where it does not answer. */
export interface Sight {
  readonly progress: Progress | null;
  /** Points that workers had solved, by their last heartbeats, of shards in flight, by process id of the worker. */
  readonly solvedInFlight: ReadonlyMap<number, number>;
  readonly troubles: readonly string[];
}

/** Points that workers had solved of shards in flight, together. */
export function solvedByAll({ solvedInFlight }: Sight): number {
  return [...solvedInFlight.values()].reduce((sum, points) => sum + points, 0);
}

const NOTHING: Sight = { progress: null, solvedInFlight: new Map(), troubles: [] };

/** How long an answer may take: the server may have been killed. */
const PATIENCE_MS = 1000;

/** Identities of the workers that ask a queue of shards for work; none where the server does not answer. */
export async function pollers(cluster: Cluster, queue: string): Promise<string[]> {
  const client = await StudyClient.connect(openServer(cluster.address)).catch(() => null);
  try {
    return (await client?.pollers(queue)) ?? [];
  } catch {
    return [];
  } finally {
    await client?.close();
  }
}

/** Looks at the workflow of a study from outside. */
export async function look(cluster: Cluster, reference: StudyReference): Promise<Sight> {
  let connection: Connection | null = null;
  try {
    connection = await Connection.connect({
      address: cluster.address,
      connectTimeout: PATIENCE_MS,
    });
    const handle = new Client({ connection }).workflow.getHandle(workflowId(reference));
    return await connection.withDeadline(Date.now() + PATIENCE_MS, async () => {
      const { raw } = await handle.describe();
      const solvedInFlight = new Map<number, number>();
      for (const { heartbeatDetails, lastWorkerIdentity } of raw.pendingActivities ?? []) {
        const payload = heartbeatDetails?.payloads?.[0];
        if (!payload || !lastWorkerIdentity) continue;
        const { done } = defaultPayloadConverter.fromPayload<{ done: number }>(payload);
        const pid = Number.parseInt(lastWorkerIdentity, 10);
        solvedInFlight.set(pid, (solvedInFlight.get(pid) ?? 0) + done);
      }
      const troubles = (raw.pendingActivities ?? []).flatMap(
        ({ lastFailure }) => lastFailure?.message ?? [],
      );
      return { progress: await handle.query(progressQuery), solvedInFlight, troubles };
    });
  } catch {
    return NOTHING;
  } finally {
    await connection?.close();
  }
}
