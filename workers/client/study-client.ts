import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Ending } from '../../study/ending.js';
import type { Progress, StudyReference } from '../../study/orchestration.js';
import { pausedSignal, windowUpdate } from '../../workflows/messages.js';
import { workflowId } from '../../workflows/names.js';
import type { study } from '../../workflows/study.js';
import { connectClient } from '../server/connection.js';
import type { ServerAccess } from '../server/server-access.js';
import { cancelStudy } from './cancel-study.js';
import { findEarlier } from './earlier-study.js';
import { endAtOnce } from './end-workflows.js';
import { findOpen, openStudies, type OpenStudy } from './open-studies.js';
import { startAnew, startStudy } from './start-study.js';
import { settingsHeld, type HeldSettings } from './study-history.js';
import type { StudySettings } from './study-input.js';
import { StudyLooks, type StudyLook } from './study-looks.js';
import { isOfNewerCode, isOfOtherCode } from './study-memo.js';
import { resultOf } from './study-result.js';

/** An update is heard by a worker or by nobody. */
const HEARD_WITHIN_MS = 10_000;

/** How a study that is open was gone on with. */
export type Start =
  /** As it was, or from the beginning where it was not open. */
  | 'joined'
  /** Anew from what has landed, because another version of this program had begun it. */
  | 'other code';

/** Starts study workflows and speaks with them. */
export class StudyClient {
  readonly #client: Client;
  readonly #looks: StudyLooks;

  private constructor(client: Client) {
    this.#client = client;
    this.#looks = new StudyLooks(client);
  }

  static async connect(access: ServerAccess): Promise<StudyClient> {
    return new StudyClient(await connectClient(access));
  }

  /**
   * Starts the workflow of a study, or resumes it when it is open.
   *
   * @param settings of a workflow that starts here; one that is open keeps its own
   * @param serves whether this process is going to run workflow code, so that code of another version has to make room
   */
  async start(reference: StudyReference, settings: StudySettings, serves = false): Promise<Start> {
    const open = serves ? await findOpen(this.#client, reference) : null;
    if (open === null || open.isVersioned || !isOfOtherCode(open.memo)) {
      const beginning = { paused: false, replayFaults: 0, replaces: false };
      await startStudy(this.#client, reference, settings, beginning);
      const earlier = await findEarlier(this.#client, reference);
      if (earlier === null) return 'joined';
      await endAtOnce(this.#client, earlier, `It goes on as ${workflowId(reference)}.`);
      return 'other code';
    }
    await startAnew(this.#client, reference, open, settings, { paused: false });
    return 'other code';
  }

  /**
   * For before this process runs any workflow code of a store.
   *
   * @throws NewerProgram when a newer version of this program runs the study
   */
  async requireNoneNewer(reference: StudyReference): Promise<void> {
    const open = await findOpen(this.#client, reference);
    if (open !== null && !open.isVersioned && isOfNewerCode(open.memo)) {
      throw new NewerProgram(reference.study, open.memo.version!);
    }
  }

  /**
   * Starts a study anew from what has landed, whoever is at it.
   *
   * @param settings instead of those that it has
   */
  async startAnew(
    reference: StudyReference,
    open: OpenStudy,
    settings: StudySettings,
  ): Promise<void> {
    await startAnew(this.#client, reference, open, settings, { ...settings, paused: false });
  }

  /** The open workflow of a study; null when there is none. */
  open(reference: StudyReference): Promise<OpenStudy | null> {
    return findOpen(this.#client, reference);
  }

  /** All open studies of a store. One that began or ended a second ago may be wrongly there or missing. */
  openStudies(store: Required<Pick<StudyReference, 'storeId'>>): Promise<OpenStudy[]> {
    return openStudies(this.#client, store);
  }

  /** What an open study was started with, and what people have asked of it since. */
  settings({ workflowId: id, runId }: OpenStudy): Promise<HeldSettings> {
    return settingsHeld(this.#client, id, runId);
  }

  /** Waits until the workflow has ended, through all the runs that continue it or take its place. */
  result(reference: StudyReference): Promise<Ending> {
    return resultOf(this.#client, workflowId(reference));
  }

  /** @throws WorkflowNotFoundError when the server knows no such study */
  progress(reference: StudyReference): Promise<Progress> {
    return this.#looks.progress(reference);
  }

  /** How the workflow is; see `StudyLooks`. */
  look(reference: StudyReference): Promise<StudyLook> {
    return this.#looks.look(reference);
  }

  /** Identities of the workers that have asked a task queue for shards within the last minute or so. */
  pollers(queue: string): Promise<string[]> {
    return this.#looks.pollers(queue);
  }

  /** Hands out no more shards; those in flight finish. */
  async pause(reference: StudyReference): Promise<void> {
    await this.#handle(reference).signal(pausedSignal, true);
  }

  async resume(reference: StudyReference): Promise<void> {
    await this.#handle(reference).signal(pausedSignal, false);
  }

  /**
   * Stops what is in flight, and waits until the workflow has ended; what has landed stays. See `cancelStudy`.
   *
   * @throws WorkflowNotFoundError when it does not run
   */
  cancel(
    reference: StudyReference,
    onWaiting: (line: string) => void = () => undefined,
  ): Promise<Ending> {
    return cancelStudy(this.#client, reference, onWaiting);
  }

  /**
   * Sets how many shards are in flight at most, and returns it.
   *
   * @throws WorkflowUpdateFailedError when it cannot be a window; a ServiceError when no worker hears of it;
   *   WorkflowNotFoundError
   */
  async setWindow(reference: StudyReference, window: number): Promise<number> {
    const handle = this.#handle(reference);
    return this.#client.withDeadline(Date.now() + HEARD_WITHIN_MS, () =>
      handle.executeUpdate(windowUpdate, { args: [window] }),
    );
  }

  async close(): Promise<void> {
    // The client of Temporal tries a call again by a timer, which throws where nobody catches it once this is closed.
    await this.#looks.settled();
    await this.#client.connection.close();
  }

  #handle(reference: StudyReference): WorkflowHandle<typeof study> {
    return this.#client.workflow.getHandle<typeof study>(workflowId(reference));
  }
}

/** A newer version of this program is at the study, and this one cannot go on with what it has begun. */
export class NewerProgram extends Error {
  override readonly name = 'NewerProgram';

  constructor(study: string, version: string) {
    super(
      `version ${version} of ufm-sweep runs the study ${study}: run it with that, or cancel it first (ufm-sweep cancel ${study})`,
    );
  }
}
