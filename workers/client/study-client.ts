import {
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { CancelledFailure, rootCause } from '@temporalio/common';
import protocol from '@temporalio/proto';
import { initialState } from '../../study/conductor-state.js';
import type { Progress, StudyReference } from '../../study/orchestration.js';
import {
  pausedSignal,
  progressQuery,
  windowUpdate,
  type StudyInput,
} from '../../workflows/messages.js';
import { controlQueue, workflowId } from '../../workflows/names.js';
import type { study } from '../../workflows/study.js';
import { connectClient } from '../server/connection.js';
import type { ServerAccess } from '../server/server-access.js';
import { firstAnswer } from './first-answer.js';
import { nobodyPlans, nobodySolves } from '../shard-queue.js';
import { STUDY_ATTRIBUTE, withSearchAttributes } from '../server/search-attributes.js';
import { withSegments } from './segment-views.js';
import {
  shardsOf,
  solvedOf,
  troublesOf,
  type ActivityDecoder,
  type StudyView,
} from './study-view.js';

const { TaskQueueType } = protocol.temporal.api.enums.v1;

/** A worker that lives answers a query at once. */
const ANSWER_WITHIN_MS = 3_000;

/** A long poll lasts a minute; the server keeps those who have ended for five. */
const POLLED_WITHIN_SECONDS = 70;

/** How a study workflow ended. */
export type StudyResult =
  | { readonly state: 'done'; readonly progress: Progress }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly message: string };

/** How a study is to be run. */
export interface StudySettings {
  /** Shards in flight at most. */
  readonly window: number;
  /** Whether points that have failed are solved again. */
  readonly again: boolean;
  /** Task queue of the shards, as people name it. */
  readonly queue: string;
}

/**
 * What the workflow of a study starts from.
 *
 * @param searchable whether the namespace knows the search attributes of studies
 */
export function studyInput(
  reference: StudyReference,
  { window, again, queue }: StudySettings,
  searchable: boolean,
): StudyInput {
  return { reference, state: initialState(window), again, queue, searchable };
}

/** Starts study workflows and speaks with them. */
export class StudyClient {
  readonly #client: Client;
  /** Questions that nobody waits for any more, since another was answered first. */
  readonly #open = new Set<Promise<unknown>>();
  /** Studies by their workflow ids, each as it is named on the server; see `#asBegun`. */
  readonly #begun = new Map<string, Promise<StudyReference>>();

  private constructor(client: Client) {
    this.#client = client;
  }

  static async connect(access: ServerAccess): Promise<StudyClient> {
    return new StudyClient(await connectClient(access));
  }

  /**
   * Starts the workflow of a study, or resumes it when it runs.
   *
   * @param settings of a workflow that starts here; one that runs keeps its own
   */
  async start(reference: StudyReference, settings: StudySettings): Promise<void> {
    if (await this.isEarlier(reference)) {
      try {
        await this.resume(reference);
        return;
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        // It has ended meanwhile.
        this.#begun.set(workflowId(reference), Promise.resolve(reference));
      }
    }
    await withSearchAttributes(this.#client, (searchable) =>
      this.#start(reference, settings, searchable),
    );
  }

  /** Whether the study runs as a version of this program began it that gave stores no queues of their own. */
  async isEarlier(reference: StudyReference): Promise<boolean> {
    return (await this.#asBegun(reference)).storeId !== reference.storeId;
  }

  /** Waits until the workflow has ended, through all the runs that continue it. */
  async result(reference: StudyReference): Promise<StudyResult> {
    try {
      const handle = await this.#handle(reference);
      return { state: 'done', progress: await handle.result() };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      if (error.cause instanceof CancelledFailure) return { state: 'cancelled' };
      return { state: 'failed', message: rootCause(error.cause) ?? error.message };
    }
  }

  /** @throws WorkflowNotFoundError when the server knows no such study */
  async progress(reference: StudyReference): Promise<Progress> {
    return (await this.#handle(reference)).query(progressQuery);
  }

  /**
   * How the workflow is.
   *
   * @throws WorkflowNotFoundError when the server knows no such study; a ServiceError when it does not answer; an
   *   EncryptionError when the study is encrypted with a key that this process does not have
   */
  async look(reference: StudyReference): Promise<StudyView> {
    const handle = await this.#handle(reference);
    const { status, raw } = await this.#briefly(() => handle.describe());
    const pending = raw.pendingActivities ?? [];
    const decoder = this.#decoder(handle.workflowId);
    const troubles = await troublesOf(pending, decoder);
    const shards = shardsOf(pending);
    troubles.push(...(await this.#unsolved(shards, reference)));
    const solvedInFlight = await solvedOf(pending, decoder);
    const view = { running: true, troubles, solvedInFlight, ...shards };
    if (status.name !== 'RUNNING') return { ...view, running: false, progress: null };
    try {
      const answered = { ...view, progress: await this.#answer(reference) };
      return await this.#briefly(() =>
        withSegments(this.#client, handle, answered, (shards) => this.#unsolved(shards, reference)),
      );
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      troubles.push(...(await this.#unplanned(reference)));
      return { ...view, progress: null };
    }
  }

  /** Identities of the workers that have asked a task queue for shards within the last minute or so. */
  async pollers(queue: string): Promise<string[]> {
    const { workflowService } = this.#client.connection;
    const { namespace } = this.#client.options;
    const { pollers } = await this.#briefly(() =>
      workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queue },
        taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
      }),
    );
    const since = Date.now() / 1000 - POLLED_WITHIN_SECONDS;
    const recent = pollers.filter(
      ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) > since,
    );
    return [...new Set(recent.flatMap(({ identity }) => identity ?? []))].sort();
  }

  /** Hands out no more shards; those in flight finish. */
  async pause(reference: StudyReference): Promise<void> {
    await (await this.#handle(reference)).signal(pausedSignal, true);
  }

  async resume(reference: StudyReference): Promise<void> {
    await (await this.#handle(reference)).signal(pausedSignal, false);
  }

  /** Stops what is in flight; what has landed stays. */
  async cancel(reference: StudyReference): Promise<void> {
    await (await this.#handle(reference)).cancel();
  }

  /** Sets how many shards are in flight at most, and returns it. Rejects when it cannot be a window. */
  async setWindow(reference: StudyReference, window: number): Promise<number> {
    return (await this.#handle(reference)).executeUpdate(windowUpdate, { args: [window] });
  }

  async close(): Promise<void> {
    // The client of Temporal tries a call again by a timer, which throws where nobody catches it once this is closed.
    await Promise.allSettled(this.#open);
    await this.#client.connection.close();
  }

  /**
   * A query that comes while the workflow is at work may wait in the server until a shard ends, seconds later; one that
   * comes after it is answered within milliseconds.
   */
  #answer(reference: StudyReference): Promise<Progress> {
    return this.#briefly(() => firstAnswer(() => this.#remembered(this.progress(reference))));
  }

  /** Says when shards wait that nobody comes for. Not every server tells everybody who asks for work. */
  async #unsolved(
    { inFlight, queue }: Pick<StudyView, 'inFlight' | 'queue'>,
    reference: StudyReference,
  ): Promise<string[]> {
    if (queue === null || inFlight.size > 0) return [];
    return (await this.#isDeserted(queue)) ? [nobodySolves(queue, reference)] : [];
  }

  /** Says when nobody comes for the study itself. */
  async #unplanned(reference: StudyReference): Promise<string[]> {
    const queue = controlQueue(await this.#asBegun(reference));
    return (await this.#isDeserted(queue)) ? [nobodyPlans(queue, reference)] : [];
  }

  async #isDeserted(queue: string): Promise<boolean> {
    const polling = await this.pollers(queue).catch(() => null);
    return polling?.length === 0;
  }

  #remembered<T>(question: Promise<T>): Promise<T> {
    const forget = (): void => {
      this.#open.delete(question);
    };
    this.#open.add(question);
    question.then(forget, forget);
    return question;
  }

  async #start(
    reference: StudyReference,
    settings: StudySettings,
    searchable: boolean,
  ): Promise<void> {
    await this.#client.workflow.signalWithStart<typeof study, [paused: boolean]>('study', {
      signal: pausedSignal,
      signalArgs: [false],
      workflowId: workflowId(reference),
      taskQueue: controlQueue(reference),
      args: [studyInput(reference, settings, searchable)],
      // Shown beside the workflow; and, as it comes with every description, what tells at once that a key is missing.
      memo: { store: reference.store },
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      ...(searchable && {
        typedSearchAttributes: [{ key: STUDY_ATTRIBUTE, value: reference.study }],
      }),
    });
  }

  #briefly<T>(ask: () => Promise<T>): Promise<T> {
    return this.#client.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
  }

  async #handle(reference: StudyReference): Promise<WorkflowHandle<typeof study>> {
    const id = workflowId(await this.#asBegun(reference));
    return this.#client.workflow.getHandle<typeof study>(id);
  }

  /** For what the server describes of the activities of a workflow. */
  #decoder(id: string): ActivityDecoder {
    const { namespace, loadedDataConverter: converter } = this.#client.options;
    const context = { type: 'activity', namespace, workflowId: id, isLocal: false } as const;
    return { converter, context };
  }

  /** The study as its workflow is named: one that has begun before stores had identities goes on to its end without. */
  #asBegun(reference: StudyReference): Promise<StudyReference> {
    const id = workflowId(reference);
    let begun = this.#begun.get(id);
    if (begun === undefined) {
      begun = this.#findBegun(reference);
      begun.catch(() => this.#begun.delete(id));
      this.#begun.set(id, begun);
    }
    return begun;
  }

  async #findBegun(reference: StudyReference): Promise<StudyReference> {
    const { storeId, ...earlier } = reference;
    if (storeId === undefined) return reference;
    const handle = this.#client.workflow.getHandle(workflowId(earlier));
    try {
      const { status, memo } = await this.#briefly(() => handle.describe());
      const isOurs = status.name === 'RUNNING' && memo?.['store'] === reference.store;
      return isOurs ? earlier : reference;
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      // There is none, or it is encrypted with the keys of somebody else, whose study it is then.
      return reference;
    }
  }
}
