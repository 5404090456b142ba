import { Command } from 'commander';
import { verifyStudy } from '../results/verify.js';
import type { Progress } from '../study/orchestration.js';
import { addressOption, jsonOption, storeOption } from './options.js';
import { print, printJson } from './output.js';
import { findServer, withClient, type ServerOptions } from './study-server.js';
import { findStudy, type NamedStudy } from './study-name.js';

/** What `status` and `watch` tell of a study. */
export interface StudyStatus {
  readonly name: string;
  /** `running` and `paused` come from a server; the others from what has landed. */
  readonly state: 'running' | 'paused' | 'done' | 'incomplete' | 'not started';
  readonly points: Progress['points'];
  /** Null when no server runs the study. */
  readonly progress: Progress | null;
}

/** `ufm-sweep status NAME`: how far a study is, running or not. */
export function statusCommand(): Command {
  return new Command('status')
    .description('show how far a study is')
    .argument('<name>', 'name of the study')
    .addOption(storeOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .action(async (name: string, options: ServerOptions & { json: boolean }) => {
      const status = await studyStatus(await findStudy(options.store, name), options);
      if (options.json) printJson(status);
      else print(describeStatus(status));
    });
}

/** Asks the server that runs the study; without one, counts what has landed. */
export async function studyStatus(
  { store, reference }: NamedStudy,
  options: ServerOptions,
): Promise<StudyStatus> {
  const name = reference.study;
  const access = await findServer(options);
  const progress =
    access === null
      ? null
      : await withClient(access, (client) => client.runningProgress(reference));
  if (progress !== null && progress.stage !== 'done') {
    const state = progress.paused ? 'paused' : 'running';
    return { name, state, points: progress.points, progress };
  }
  const { points } = await verifyStudy(store, name, reference.specHash);
  const { expected: total, present, missing, failed } = points;
  const state = total === 0 ? 'not started' : missing === 0 ? 'done' : 'incomplete';
  return {
    name,
    state,
    points: { total, done: present - failed, failed, cached: 0 },
    progress: null,
  };
}

/** One line for people. */
export function describeStatus({ name, state, points, progress }: StudyStatus): string {
  const { total, done, failed, cached } = points;
  const parts = [
    `${name}: ${state}`,
    `${done} of ${total} points${cached > 0 ? ` (${cached} reused)` : ''}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(progress === null ? [] : [`${progress.stage}, round ${progress.round}`]),
    ...(progress === null ? [] : [`${progress.shards.inFlight} shards in flight`]),
  ];
  return parts.join(', ');
}
