import { ScheduleNotFoundError } from '@temporalio/client';
import { Command } from 'commander';
import { storeId } from '../results/store-identity.js';
import { saveStudy } from '../results/studies.js';
import { referenceTo } from '../results/study-reference.js';
import { DEFAULT_WINDOW } from '../study/conductor-state.js';
import { specHash } from '../study/key.js';
import { StudySchedules, type ScheduledStore } from '../workers/client/study-schedules.js';
import { SOLVE_QUEUE } from '../workflows/names.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { storeOrNothing, storeToWrite } from './known-store.js';
import { addressOption, jsonOption, positiveInteger, storeOption } from './options.js';
import { print, printJson } from './output.js';
import { requiredServer } from './required-server.js';
import { readStudyFile } from './study-file.js';

interface ServerOptions {
  readonly address?: string;
  readonly json: boolean;
}

interface StoreOptions extends ServerOptions {
  readonly store: string;
}

interface CreateOptions extends StoreOptions {
  readonly cron: string;
  readonly queue: string;
  readonly window: number;
}

/** `ufm-sweep schedule`: studies that the workers of a cluster run by themselves. */
export function scheduleCommand(): Command {
  const create = new Command('create')
    .description('run a study at the times of a cron, instead of as it was scheduled before')
    .argument('<study>', 'study file')
    .requiredOption(
      '--cron <cron>',
      "when, in UTC: '0 2 * * *'; or 'CRON_TZ=Europe/Zurich 0 2 * * *'",
    )
    .option('--queue <name>', 'task queue of the shards', SOLVE_QUEUE)
    .option('--window <count>', 'shards in flight at most', positiveInteger, DEFAULT_WINDOW)
    .action(createSchedule);
  const list = new Command('list')
    .description('show what is scheduled of a store')
    .action(listSchedules);
  const remove = new Command('delete')
    .description('run a study no more by itself')
    .argument('<name>', 'name of the study')
    .action(deleteSchedule);
  const command = new Command('schedule').description('run studies at set times, by the workers of a cluster'); // prettier-ignore
  for (const each of [create, list, remove]) {
    each.addOption(storeOption()).addOption(addressOption()).addOption(jsonOption());
    command.addCommand(each.exitOverride());
  }
  return command;
}

async function createSchedule(path: string, options: CreateOptions): Promise<void> {
  const { cron, queue, window } = options;
  const { study, text } = await readStudyFile(path);
  await storeOrNothing(options.store);
  await withSchedules(options, async (schedules) => {
    // Only now: what nobody would run leaves nothing behind.
    const store = await storeToWrite(options.store);
    const version = await saveStudy(store, study, specHash(study), text);
    try {
      await schedules.set(await referenceTo(store, version), cron, { window, again: true, queue });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new Failure(`--cron ${cron}: ${error.message}`, EXIT.badUsage);
    }
  });
  if (options.json) printJson({ name: study.name, cron });
  else print(`${study.name}: scheduled, ${cron}`);
}

async function listSchedules(options: StoreOptions): Promise<void> {
  const store = await scheduledStore(options.store);
  const schedules =
    store === null ? [] : await withSchedules(options, (client) => client.list(store));
  if (options.json) printJson(schedules);
  for (const { study, cron, next } of options.json ? [] : schedules) {
    print(`${study}: ${cron ?? '?'}, next ${next?.toISOString() ?? 'never: it is paused'}`);
  }
}

async function deleteSchedule(name: string, options: StoreOptions): Promise<void> {
  const store = await scheduledStore(options.store);
  if (store === null) throw new Failure(`there is no store ${options.store}`, EXIT.badUsage);
  await withSchedules(options, async (schedules) => {
    try {
      await schedules.delete(store, name);
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      const known = (await schedules.list(store)).map(({ study }) => study).join(', ');
      const hint = known === '' ? 'nothing is' : `scheduled: ${known}`;
      throw new Failure(`${name} is not scheduled; ${hint}`, EXIT.badUsage);
    }
  });
  if (options.json) printJson({ name });
  else print(`${name}: scheduled no more`);
}

/** Null where there is no store. */
async function scheduledStore(address: string): Promise<ScheduledStore | null> {
  const store = await storeOrNothing(address);
  const id = await storeId(store);
  return id === null ? null : { store: store.url, storeId: id };
}

async function withSchedules<T>(
  { address }: ServerOptions,
  act: (schedules: StudySchedules) => Promise<T>,
): Promise<T> {
  const schedules = await StudySchedules.connect(requiredServer(address));
  try {
    return await act(schedules);
  } finally {
    await schedules.close();
  }
}
