import { WorkflowNotFoundError } from '@temporalio/client';
import { Command } from 'commander';
import type { StudyReference } from '../study/orchestration.js';
import type { StudyClient } from '../workers/client/study-client.js';
import { Failure } from './failure.js';
import { addressOption, jsonOption, storeOption } from './options.js';
import { print, printJson } from './output.js';
import { withStudyServer, type ServerOptions } from './study-server.js';
import { findStudy } from './study-name.js';

/** `ufm-sweep pause NAME`. */
export function pauseCommand(): Command {
  return controlCommand(
    'pause',
    'hand out no more shards; those in flight finish',
    'paused',
    (client, study) => client.pause(study),
  );
}

/** `ufm-sweep resume NAME`. */
export function resumeCommand(): Command {
  return controlCommand('resume', 'go on with a paused study', 'resumed', (client, study) =>
    client.resume(study),
  );
}

/** `ufm-sweep cancel NAME`. */
export function cancelCommand(): Command {
  return controlCommand(
    'cancel',
    'stop a study; what has landed stays',
    'cancelled',
    (client, study) => client.cancel(study),
  );
}

function controlCommand(
  verb: string,
  description: string,
  state: string,
  act: (client: StudyClient, study: StudyReference) => Promise<void>,
): Command {
  return new Command(verb)
    .description(description)
    .argument('<name>', 'name of the study')
    .addOption(storeOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .action(async (name: string, options: ServerOptions & { json: boolean }) => {
      const { reference } = await findStudy(options.store, name);
      try {
        await withStudyServer(options, (client) => act(client, reference));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        throw new Failure(`the study ${name} of the store ${reference.store} does not run on this server`); // prettier-ignore
      }
      if (options.json) printJson({ name, state });
      else print(`${name}: ${state}`);
    });
}
