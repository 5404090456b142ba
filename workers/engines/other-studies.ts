import { ServiceError } from '@temporalio/client';
import type { StudyReference } from '../../study/orchestration.js';
import { versionName } from '../../results/study-versions.js';
import type { OpenStudy } from '../client/open-studies.js';
import type { StudyClient } from '../client/study-client.js';
import type { RunOptions } from './run-options.js';

/**
 * Says which other studies are open in the store of a run. Where nobody else works for them, they are what earlier runs have
 * left behind, and are paused unless they are meant to be solved as well.
 *
 * @param isAlone whether no other process works for the studies of the server
 */
export async function seeToOthers(
  client: StudyClient,
  isAlone: boolean,
  { reference, others, onNotice }: RunOptions,
): Promise<void> {
  try {
    const open = await client.openStudies(reference);
    const beside = open.filter(({ study, specHash }) => study !== reference.study || specHash !== reference.specHash); // prettier-ignore
    for (const each of beside) {
      const one = { ...reference, study: each.study, specHash: each.specHash };
      const isPaused = (await client.settings(each)).paused;
      const pauses = isAlone && others === 'pause' && !isPaused;
      if (pauses) await client.pause(one);
      onNotice(describe(each, reference, pauses || isPaused, isAlone));
    }
  } catch (error) {
    // A server that lists nothing, or a study with a key of somebody else, keeps no other study from running.
    const what = error instanceof ServiceError ? error.message : String(error);
    onNotice(`What else runs in this store cannot be seen: ${what}`);
  }
}

function describe(
  open: OpenStudy,
  own: StudyReference,
  isPaused: boolean,
  isAlone: boolean,
): string {
  const name = versionName(open);
  const what =
    open.study === own.study ? `another version of the study, ${name},` : `the study ${name}`;
  const goOn = `ufm-sweep resume ${name} --store ${own.store}`;
  if (isPaused) return `Open in this store as well: ${what} is paused. Go on with it: ${goOn}`;
  const by = isAlone ? 'is solved as well' : 'runs, too';
  return `Open in this store as well: ${what} ${by}. Pause it: ${goOn.replace('resume', 'pause')}`;
}
