import { ScheduleAlreadyRunning, type Client } from '@temporalio/client';
import type { StudyReference } from '../../study/orchestration.js';
import { CONTROL_QUEUE } from '../../workflows/names.js';
import type { scheduled } from '../../workflows/scheduled.js';
import { connectClient } from '../server/connection.js';
import type { ServerAccess } from '../server/server-access.js';
import { STUDY_ATTRIBUTE, withSearchAttributes } from '../server/search-attributes.js';
import { studyInput, type StudySettings } from './study-client.js';

const PREFIX = 'ufm/';

/** A study that runs by itself. */
export interface StudySchedule {
  readonly study: string;
  /** As it was given; null when somebody has removed it. */
  readonly cron: string | null;
  /** When it runs next; null when it is paused. */
  readonly next: Date | null;
}

/** The schedules of studies on a server, one a study. What they start are workers of the cluster, no client. */
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
  async set(reference: StudyReference, cron: string, settings: StudySettings): Promise<void> {
    await withSearchAttributes(this.#client, (searchable) =>
      this.#set(reference, cron, settings, searchable),
    );
  }

  async #set(
    reference: StudyReference,
    cron: string,
    settings: StudySettings,
    searchable: boolean,
  ): Promise<void> {
    const options = {
      spec: { cronExpressions: [cron] },
      action: {
        type: 'startWorkflow' as const,
        workflowType: 'scheduled',
        workflowId: `${PREFIX}${reference.study}/scheduled`,
        taskQueue: CONTROL_QUEUE,
        args: [studyInput(reference, settings, searchable)] as Parameters<typeof scheduled>,
        // On what is started, where the server checks them when the schedule is made, before they are needed.
        ...(searchable && {
          typedSearchAttributes: [{ key: STUDY_ATTRIBUTE, value: reference.study }],
        }),
      },
      policies: { overlap: 'SKIP' as const },
    };
    const scheduleId = `${PREFIX}${reference.study}`;
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

  /** All of them, by study. One that was made a second ago may be missing. */
  async list(): Promise<StudySchedule[]> {
    const schedules: StudySchedule[] = [];
    for await (const { scheduleId, state, info } of this.#client.schedule.list()) {
      if (!scheduleId.startsWith(PREFIX)) continue;
      schedules.push({
        study: scheduleId.slice(PREFIX.length),
        cron: state.note ?? null,
        next: info.nextActionTimes[0] ?? null,
      });
    }
    return schedules.sort((a, b) => a.study.localeCompare(b.study));
  }

  /** @throws ScheduleNotFoundError */
  async delete(study: string): Promise<void> {
    await this.#client.schedule.getHandle(`${PREFIX}${study}`).delete();
  }

  async close(): Promise<void> {
    await this.#client.connection.close();
  }
}
