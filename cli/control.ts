import {
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { rootCause } from '@temporalio/common';
import { Command } from 'commander';
import type { StudyReference } from '../study/orchestration.js';
import type { StudyClient } from '../workers/client/study-client.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { addressOption, jsonOption, positiveInteger, storeOption } from './options.js';
import { note, print, printJson } from './output.js';
import { withStudyServer, type ServerOptions } from './study-server.js';
import { findStudy, NAME_ARGUMENT } from './study-name.js';

type ControlOptions = ServerOptions & { readonly json: boolean };

/** What was done with a study, as `--json` has it. */
interface Done {
  readonly state: string;
  readonly window?: number;
}

type Act = (client: StudyClient, study: StudyReference) => Promise<Done>;

/** `ufm-sweep pause NAME`. */
export function pauseCommand(): Command {
  return controlCommand('pause', 'hand out no more shards; those in flight finish').action(
    (name: string, options: ControlOptions) =>
      control(name, options, async (client, study) => {
        await client.pause(study);
        return { state: 'paused' };
      }),
  );
}

/** `ufm-sweep resume NAME`. */
export function resumeCommand(): Command {
  return controlCommand('resume', 'go on with a paused study').action(
    (name: string, options: ControlOptions) =>
      control(name, options, async (client, study) => {
        await client.resume(study);
        return { state: 'resumed' };
      }),
  );
}

/** `ufm-sweep cancel NAME`: done when the study has stopped. */
export function cancelCommand(): Command {
  return controlCommand('cancel', 'stop a study, and wait until it has; what has landed stays')
    .addHelpText(
      'after',
      '\nA study that no worker serves, or can go on with, is ended after ten seconds. Ctrl-C ends the waiting, not the cancelling.' +
        '\nExit code 0 when the study has stopped or was done before, 1 when it had failed or does not run.',
    )
    .action((name: string, options: ControlOptions) =>
      control(name, options, async (client, study) => {
        const ending = await client.cancel(study, note);
        if (ending.state !== 'failed') return { state: ending.state };
        throw new Failure(`the study ${name} had failed before it was cancelled: ${ending.message}`); // prettier-ignore
      }),
    );
}

/** `ufm-sweep set-window NAME COUNT`. */
export function setWindowCommand(): Command {
  return controlCommand('set-window', 'set how many shards of a running study are in flight at most') // prettier-ignore
    .argument('<count>', 'shards in flight at most', positiveInteger)
    .action((name: string, count: number, options: ControlOptions) =>
      control(name, options, async (client, study) => {
        try {
          const window = await client.setWindow(study, count);
          return { state: `${window} shards in flight at most`, window };
        } catch (error) {
          if (error instanceof WorkflowUpdateFailedError) {
            throw new Failure(rootCause(error.cause) ?? error.message, EXIT.badUsage);
          }
          if (!isUnanswered(error)) throw error;
          throw new Failure(`no worker of the study ${name} answers: is there one? ufm-sweep status ${name} says`); // prettier-ignore
        }
      }),
    );
}

function controlCommand(verb: string, description: string): Command {
  return new Command(verb)
    .description(description)
    .argument('<name>', NAME_ARGUMENT)
    .addOption(storeOption())
    .addOption(addressOption())
    .addOption(jsonOption());
}

async function control(name: string, options: ControlOptions, act: Act): Promise<void> {
  const { reference } = await findStudy(options.store, name);
  try {
    const done = await withStudyServer(options, (client) => act(client, reference));
    if (options.json) printJson({ name, ...done });
    else print(`${name}: ${done.state}`);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Failure(`the study ${name} of the store ${reference.store} does not run on this server`); // prettier-ignore
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
}
