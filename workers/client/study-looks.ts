import { ServiceError, type Client, type WorkflowHandle } from '@temporalio/client';
import protocol from '@temporalio/proto';
import type { Progress, StudyReference } from '../../study/orchestration.js';
import { progressQuery } from '../../workflows/messages.js';
import { controlQueue, workflowId } from '../../workflows/names.js';
import type { study } from '../../workflows/study.js';
import { nobodyPlans, nobodySolves } from '../shard-queue.js';
import { firstAnswer } from './first-answer.js';
import { withSegments } from './segment-views.js';
import {
  shardsOf,
  solvedOf,
  troublesOf,
  type ActivityDecoder,
  type StudyView,
} from './study-view.js';
import { readMemo, type StudyMemo } from './study-memo.js';
import { taskFaultOf, type TaskFault } from './task-fault.js';

const { TaskQueueType } = protocol.temporal.api.enums.v1;

/** A worker that lives answers a query at once. */
const ANSWER_WITHIN_MS = 3_000;

/** A long poll lasts a minute; the server keeps those who have ended for five. */
const POLLED_WITHIN_SECONDS = 70;

/** A study workflow at a moment, and what keeps it from going on. */
export interface StudyLook extends StudyView {
  readonly taskFault: TaskFault | null;
  readonly memo: StudyMemo;
}

/** Looks at studies without changing any. */
export class StudyLooks {
  readonly #client: Client;
  /** Questions that nobody waits for any more, since another was answered first. */
  readonly #open = new Set<Promise<unknown>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws WorkflowNotFoundError when the server knows no such study */
  progress(reference: StudyReference): Promise<Progress> {
    return this.#handle(reference).query(progressQuery);
  }

  /**
   * How the workflow is.
   *
   * @throws WorkflowNotFoundError when the server knows no such study; a ServiceError when it does not answer; an
   *   EncryptionError when the study is encrypted with a key that this process does not have
   */
  async look(reference: StudyReference): Promise<StudyLook> {
    const handle = this.#handle(reference);
    const description = await this.#briefly(() => handle.describe());
    const { status, raw } = description;
    const pending = raw.pendingActivities ?? [];
    const decoder = this.#decoder(handle.workflowId);
    const troubles = await troublesOf(pending, decoder);
    const shards = shardsOf(pending);
    troubles.push(...(await this.#unsolved(shards, reference)));
    const solvedInFlight = await solvedOf(pending, decoder);
    const memo = readMemo(description.memo);
    const view = { running: true, taskFault: null, memo, troubles, solvedInFlight, ...shards };
    if (status.name !== 'RUNNING') return { ...view, running: false, progress: null };
    const taskFault = await this.#briefly(() => taskFaultOf(this.#client, description));
    if (taskFault !== null) {
      troubles.push(`No worker can go on with the study: ${taskFault.message}`);
      return { ...view, taskFault, progress: null };
    }
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

  /** Whether no worker has asked a task queue for shards lately; false where nobody knows. */
  async isDeserted(queue: string): Promise<boolean> {
    const polling = await this.pollers(queue).catch(() => null);
    return polling?.length === 0;
  }

  /** Resolves once no question is open any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open);
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
    return (await this.isDeserted(queue)) ? [nobodySolves(queue, reference)] : [];
  }

  /** Says when nobody comes for the study itself. */
  async #unplanned(reference: StudyReference): Promise<string[]> {
    const queue = controlQueue(reference);
    return (await this.isDeserted(queue)) ? [nobodyPlans(queue, reference)] : [];
  }

  #remembered<T>(question: Promise<T>): Promise<T> {
    const forget = (): void => {
      this.#open.delete(question);
    };
    this.#open.add(question);
    question.then(forget, forget);
    return question;
  }

  #briefly<T>(ask: () => Promise<T>): Promise<T> {
    return this.#client.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
  }

  #handle(reference: StudyReference): WorkflowHandle<typeof study> {
    return this.#client.workflow.getHandle<typeof study>(workflowId(reference));
  }

  /** For what the server describes of the activities of a workflow. */
  #decoder(id: string): ActivityDecoder {
    const { namespace, loadedDataConverter: converter } = this.#client.options;
    const context = { type: 'activity', namespace, workflowId: id, isLocal: false } as const;
    return { converter, context };
  }
}
