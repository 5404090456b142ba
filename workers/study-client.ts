import {
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  CancelledFailure,
  defineSearchAttributeKey,
  rootCause,
  SearchAttributeType,
} from '@temporalio/common';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { initialState } from '../study/conductor.js';
import type { Progress, StudyReference } from '../study/orchestration.js';
import {
  pausedSignal,
  progressQuery,
  windowUpdate,
  type StudyInput,
} from '../workflows/messages.js';
import { CONTROL_QUEUE, SEARCH_ATTRIBUTES, workflowId } from '../workflows/names.js';
import type { study } from '../workflows/study.js';
import { connectClient, type ServerAccess } from './connection.js';

/** A worker that lives answers a query at once. */
const ANSWER_WITHIN_MS = 3_000;

const STUDY_ATTRIBUTE = defineSearchAttributeKey('UfmStudy', SearchAttributeType.KEYWORD);

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
  /** Task queue of the shards. */
  readonly queue: string;
}

/** A study workflow at a moment. */
export interface StudyView {
  readonly running: boolean;
  /** Null when it does not run, or no worker answers for it soon. */
  readonly progress: Progress | null;
  /** What is being tried again, and why, a line each. */
  readonly troubles: readonly string[];
}

/** Starts study workflows and speaks with them. */
export class StudyClient {
  readonly #client: Client;

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
    const { window, again, queue } = settings;
    const searchable = await this.#provideSearchAttributes();
    const state = initialState(window);
    const input: StudyInput = { reference, state, again, queue, searchable };
    await this.#client.workflow.signalWithStart<typeof study, [paused: boolean]>('study', {
      signal: pausedSignal,
      signalArgs: [false],
      workflowId: workflowId(reference),
      taskQueue: CONTROL_QUEUE,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      ...(searchable && {
        typedSearchAttributes: [{ key: STUDY_ATTRIBUTE, value: reference.study }],
      }),
    });
  }

  /** Waits until the workflow has ended, through all the runs that continue it. */
  async result(reference: StudyReference): Promise<StudyResult> {
    try {
      return { state: 'done', progress: await this.#handle(reference).result() };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      if (error.cause instanceof CancelledFailure) return { state: 'cancelled' };
      return { state: 'failed', message: rootCause(error.cause) ?? error.message };
    }
  }

  /** @throws WorkflowNotFoundError when the server knows no such study */
  progress(reference: StudyReference): Promise<Progress> {
    return this.#handle(reference).query(progressQuery);
  }

  /** As `progress`, but null when the study does not run, or nobody answers for it. */
  async runningProgress(reference: StudyReference): Promise<Progress | null> {
    try {
      return (await this.look(reference)).progress;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || error instanceof ServiceError) return null;
      throw error;
    }
  }

  /**
   * How the workflow is.
   *
   * @throws WorkflowNotFoundError when the server knows no such study; a ServiceError when it does not answer
   */
  async look(reference: StudyReference): Promise<StudyView> {
    const { status, raw } = await this.#briefly(() => this.#handle(reference).describe());
    const troubles = (raw.pendingActivities ?? []).flatMap(({ activityType, lastFailure }) =>
      lastFailure?.message
        ? [`Trying ${activityType?.name ?? 'an activity'} again after: ${lastFailure.message}`]
        : [],
    );
    if (status.name !== 'RUNNING') return { running: false, progress: null, troubles };
    try {
      const progress = await this.#briefly(() => this.progress(reference));
      return { running: true, progress, troubles };
    } catch (error) {
      if (error instanceof ServiceError) return { running: true, progress: null, troubles };
      throw error;
    }
  }

  /** Hands out no more shards; those in flight finish. */
  async pause(reference: StudyReference): Promise<void> {
    await this.#handle(reference).signal(pausedSignal, true);
  }

  async resume(reference: StudyReference): Promise<void> {
    await this.#handle(reference).signal(pausedSignal, false);
  }

  /** Stops what is in flight; what has landed stays. */
  async cancel(reference: StudyReference): Promise<void> {
    await this.#handle(reference).cancel();
  }

  /** Sets how many shards are in flight at most, and returns it. Rejects when it cannot be a window. */
  setWindow(reference: StudyReference, window: number): Promise<number> {
    return this.#handle(reference).executeUpdate(windowUpdate, { args: [window] });
  }

  async close(): Promise<void> {
    await this.#client.connection.close();
  }

  #briefly<T>(ask: () => Promise<T>): Promise<T> {
    return this.#client.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
  }

  #handle(reference: StudyReference): WorkflowHandle<typeof study> {
    return this.#client.workflow.getHandle<typeof study>(workflowId(reference));
  }

  /** Whether the namespace has the search attributes of studies, once they were added where that is allowed. */
  async #provideSearchAttributes(): Promise<boolean> {
    const { operatorService } = this.#client.connection;
    const { namespace } = this.#client.options;
    try {
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
      const missing = SEARCH_ATTRIBUTES.filter(({ name }) => !(name in customAttributes));
      if (missing.length > 0) {
        const searchAttributes = Object.fromEntries(
          missing.map(({ name, type }) => [name, encodeSearchAttributeIndexedValueType(type)!]),
        );
        await operatorService.addSearchAttributes({ namespace, searchAttributes });
      }
      return true;
    } catch {
      // Temporal Cloud and careful administrators do not let a client look or add; studies run without as well.
      return false;
    }
  }
}
