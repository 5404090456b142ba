import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ServiceError,
  type Client,
  type ScheduleHandle,
} from '@temporalio/client';
import type { StudyReference } from '../../study/orchestration.js';
import type { StudyInput } from '../../workflows/messages.js';
import { controlQueue, idsOfStore, studyId } from '../../workflows/names.js';
import type { scheduled } from '../../workflows/scheduled.js';
import { connectClient } from '../server/connection.js';
import type { ServerAccess } from '../server/server-access.js';
import { STUDY_ATTRIBUTE, withSearchAttributes } from '../server/search-attributes.js';
import { studyInput, type StudySettings } from './study-input.js';

/** Of what was scheduled before stores had identities: `ufm/<study>`. */
const EARLIER = /^ufm\/([^/]+)$/;

/** A store whose studies are scheduled. */
export type ScheduledStore = Required<Pick<StudyReference, 'store' | 'storeId'>>;

/** A study that runs by itself. */
export interface StudySchedule {
  readonly study: string;
  /** As it was given; null when somebody has removed it. */
  readonly cron: string | null;
  /** When it runs next; null when it is paused. */
  readonly next: Date | null;
}

/** The schedules of studies on a server, one a study of a store. What they start are workers of the cluster, no client. */
export class StudySchedules {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async connect(access: ServerAccess): Promise<StudySchedules> {
    return new StudySchedules(await connectClient(access));
  }

  /**
   * Schedules a study, instead of as it was scheduled before. A time that comes while it still runs is skipped.
   *
   * @param cron five fields, in UTC unless it begins with `CRON_TZ=<zone>`
   * @throws TypeError, as the SDK has it, when the server does not understand the cron
   */
  async set(
    reference: Required<StudyReference>,
    cron: string,
    settings: StudySettings,
  ): Promise<void> {
    await withSearchAttributes(this.#client, (searchable) =>
      this.#set(reference, cron, settings, searchable),
    );
    // It would run as well, and solve everything beside this one.
    await (await this.#earlier(reference, reference.study))?.delete();
  }

  async #set(
    reference: Required<StudyReference>,
    cron: string,
    settings: StudySettings,
    searchable: boolean,
  ): Promise<void> {
    const options = {
      spec: { cronExpressions: [cron] },
      action: {
        type: 'startWorkflow' as const,
        workflowType: 'scheduled',
        workflowId: `${studyId(reference)}/scheduled`,
        taskQueue: controlQueue(reference),
        args: [studyInput(reference, settings, searchable)] as Parameters<typeof scheduled>,
        // On what is started, where the server checks them when the schedule is made, before they are needed.
        ...(searchable && {
          typedSearchAttributes: [{ key: STUDY_ATTRIBUTE, value: reference.study }],
        }),
      },
      policies: { overlap: 'SKIP' as const },
    };
    const scheduleId = studyId(reference);
    // As it was given, because the server keeps calendars instead.
    const state = { note: cron };
    try {
      await this.#client.schedule.create<typeof scheduled>({ ...options, state, scheduleId });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const schedule = this.#client.schedule.getHandle(scheduleId);
      await schedule.update<typeof scheduled>((before) => ({
        ...options,
        state: { ...before.state, ...state },
      }));
    }
  }

  /** All of a store, by study. One that was made a second ago may be missing. */
  async list(store: ScheduledStore): Promise<StudySchedule[]> {
    const schedules: StudySchedule[] = [];
    const prefix = idsOfStore(store);
    for await (const { scheduleId, state, info } of this.#client.schedule.list()) {
      const study = scheduleId.startsWith(prefix)
        ? scheduleId.slice(prefix.length)
        : await this.#earlierStudy(store, scheduleId);
      if (study === null) continue;
      schedules.push({ study, cron: state.note ?? null, next: info.nextActionTimes[0] ?? null });
    }
    return schedules.sort((a, b) => a.study.localeCompare(b.study));
  }

  /** @throws ScheduleNotFoundError */
  async delete(store: ScheduledStore, study: string): Promise<void> {
    const earlier = await this.#earlier(store, study);
    await earlier?.delete();
    try {
      await this.#client.schedule.getHandle(studyId({ ...store, study })).delete();
    } catch (error) {
      if (earlier === null || !(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  /** The study of a schedule that was made before stores had identities; null where that is another store's, or another kind. */
  async #earlierStudy(store: ScheduledStore, scheduleId: string): Promise<string | null> {
    const study = EARLIER.exec(scheduleId)?.[1];
    return study !== undefined && (await this.#earlier(store, study)) !== null ? study : null;
  }

  /** The schedule of a study that was made before stores had identities; null where there is none, or it is another store's. */
  async #earlier({ store }: ScheduledStore, study: string): Promise<ScheduleHandle | null> {
    const handle = this.#client.schedule.getHandle(studyId({ study }));
    try {
      const { action } = await handle.describe();
      const [input] = (action.args ?? []) as [Partial<StudyInput>?];
      return input?.reference?.store === store ? handle : null;
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      return null;
    }
  }

  async close(): Promise<void> {
    await this.#client.connection.close();
  }
}
