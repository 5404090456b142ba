import { withInFlight } from '../study/conductor-state.js';
import type { Progress, StudyReference } from '../study/orchestration.js';
import { readLocalRecord } from '../workers/engines/local-record.js';
import { ownShardQueue } from '../workers/shard-queue.js';
import type { StudyClient } from '../workers/client/study-client.js';
import { SOLVE_QUEUE } from '../workflows/names.js';
import type { ServerLink } from './server-link.js';

/** What runs a study now. */
export interface RunView {
  /** Null when nothing runs it that can be seen from here. */
  readonly engine: 'temporal' | 'local' | null;
  /** Null when nothing runs it, or nobody who runs it answers. */
  readonly progress: Progress | null;
  /** The workers of the task queue; none on the local engine. */
  readonly workers: readonly WorkerView[];
  /** What is being tried again, and why, a line each. */
  readonly troubles: readonly string[];
  /** Why the study cannot be paused, resumed or cancelled from here; null when it can. */
  readonly uncontrollable: string | null;
}

export interface WorkerView {
  readonly identity: string;
  /** Shards of the study that it is solving. */
  readonly shards: number;
}

const NOBODY = { engine: null, progress: null, workers: [], troubles: [] } as const;

/** Asks the server for the study's workflow; where none runs, looks for a run of the local engine. */
export async function viewRun(link: ServerLink, reference: StudyReference): Promise<RunView> {
  let uncontrollable = 'No Temporal server is running for this store.';
  const troubles: string[] = [];
  try {
    const client = await link.client();
    if (client !== null) {
      const view = await viewWorkflow(client, reference);
      if (view !== null) return view;
      uncontrollable = 'The study is not running.';
    }
  } catch (error) {
    uncontrollable = `Whether the study runs cannot be seen: ${(error as Error).message}`;
    troubles.push(uncontrollable);
  }
  const local = await readLocalRecord(reference);
  if (local === null) {
    return {
      ...NOBODY,
      troubles,
      uncontrollable: `${uncontrollable} What has landed is shown; ufm-sweep run goes on with the rest.`,
    };
  }
  return {
    ...NOBODY,
    engine: 'local',
    progress: local.progress,
    uncontrollable: `Process ${local.pid} runs the study without a Temporal server: only Ctrl-C there stops it, and ufm-sweep run goes on.`,
  };
}

/** Null when the workflow does not run. */
async function viewWorkflow(
  client: StudyClient,
  reference: StudyReference,
): Promise<RunView | null> {
  try {
    const view = await client.look(reference);
    const { running, progress, troubles, inFlight, queue } = view;
    if (!running) return null;
    return {
      engine: 'temporal',
      progress: progress && withInFlight(progress, view.solvedInFlight),
      workers: await viewWorkers(client, inFlight, queue ?? ownShardQueue(SOLVE_QUEUE, reference)),
      troubles:
        progress === null
          ? [...troubles, 'No worker answers for the study: it goes on when one comes.']
          : troubles,
      uncontrollable: null,
    };
  } catch (error) {
    // By its name: the class comes with all of Temporal's client.
    if ((error as Error).name === 'WorkflowNotFoundError') return null;
    throw error;
  }
}

/** Those at work, and those who wait for work. Not every server tells the latter to everybody. */
async function viewWorkers(
  client: StudyClient,
  inFlight: ReadonlyMap<string, number>,
  queue: string,
): Promise<WorkerView[]> {
  const polling = await client.pollers(queue).catch(() => []);
  return [...new Set([...inFlight.keys(), ...polling])]
    .sort()
    .map((identity) => ({ identity, shards: inFlight.get(identity) ?? 0 }));
}
