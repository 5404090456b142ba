import type { OpenStudy } from '../client/open-studies.js';
import type { StudyClient } from '../client/study-client.js';
import type { HeldSettings } from '../client/study-history.js';
import type { RunOptions } from './run-options.js';

/** The study runs already, and otherwise than it was asked for. The message says what to do. */
export class StudyIsOpen extends Error {
  override readonly name = 'StudyIsOpen';
}

/**
 * Begins a study, or goes on with it. One that is open keeps its settings. Where others were asked for, it is begun anew with
 * them when nobody else can be at it.
 *
 * @param isAlone whether no other process works for the studies of the server
 * @throws StudyIsOpen when somebody may be at it
 */
export async function beginStudy(
  client: StudyClient,
  isAlone: boolean,
  options: RunOptions,
): Promise<void> {
  const { reference, threads, onNotice } = options;
  const open = await openOtherwise(client, options);
  if (open !== null) {
    const [otherwise, study] = open;
    if (!isAlone) throw new StudyIsOpen(otherwise.join('; '));
    await client.startAnew(reference, study, options);
    return;
  }
  if ((await client.start(reference, options, threads > 0)) === 'other code') {
    onNotice(
      'The study was begun by another version of ufm-sweep; it starts anew from what has landed.',
    );
  }
}

/** The study that is open, with what is otherwise about it than asked for; null when it can be joined as it is. */
async function openOtherwise(
  client: StudyClient,
  options: RunOptions,
): Promise<readonly [otherwise: readonly string[], study: OpenStudy] | null> {
  if (options.insistsOn.length === 0 && !options.again) return null;
  const study = await client.open(options.reference);
  if (study === null) return null;
  const otherwise = differences(await client.settings(study), options);
  return otherwise.length === 0 ? null : [otherwise, study];
}

function differences(held: HeldSettings, options: RunOptions): string[] {
  const { study, store } = options.reference;
  const name = `${study} --store ${store}`;
  const insists = (setting: 'window' | 'queue'): boolean =>
    options.insistsOn.includes(setting) && held[setting] !== options[setting];
  return [
    ...(options.again && held.again !== true
      ? [`the study ${study} runs: what has failed is solved again once it has ended. Follow it with: ufm-sweep watch ${name}`] // prettier-ignore
      : []),
    ...(insists('window')
      ? [`the study ${study} runs, with ${held.window ?? 'another number of'} shards in flight: --window is for one that begins. Change it with: ufm-sweep set-window ${name} ${options.window}`] // prettier-ignore
      : []),
    ...(insists('queue')
      ? [`the study ${study} runs, with the queue ${held.queue ?? 'of another name'}: --queue is for one that begins`] // prettier-ignore
      : []),
  ];
}
