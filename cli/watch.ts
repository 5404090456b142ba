import { Command } from 'commander';
import { pause } from '../workers/pause.js';
import { addressOption, jsonOption, storeOption } from './options.js';
import { print } from './output.js';
import { progressDisplay } from './progress-bar.js';
import { describeStatus, studyStatus, type StudyStatus } from './status.js';
import { stopRequest } from './stop-request.js';
import type { ServerOptions } from './study-server.js';
import { findStudy } from './study-name.js';

const EVERY_MS = 500;

/** `ufm-sweep watch NAME`: follows a study until it no longer runs. Stopping to watch does not stop the study. */
export function watchCommand(): Command {
  return new Command('watch')
    .description('follow a running study')
    .argument('<name>', 'name of the study')
    .addOption(storeOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .action(async (name: string, options: ServerOptions & { json: boolean }) => {
      const study = await findStudy(options.store, name);
      const stop = stopRequest(() => undefined);
      const display = progressDisplay();
      let status = await studyStatus(study, options);
      while (isUnderWay(status) && !stop.aborted) {
        if (options.json) print(JSON.stringify(status));
        else display.show(status.progress!);
        await pause(EVERY_MS, stop);
        status = await studyStatus(study, options);
      }
      display.stop();
      print(options.json ? JSON.stringify(status) : describeStatus(status));
    });
}

function isUnderWay({ state }: StudyStatus): boolean {
  return state === 'running' || state === 'paused';
}
