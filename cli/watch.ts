import { Command } from 'commander';
import { isOutOfSight, isUnderWay, type StudyStatus } from '../live/status.js';
import { pause } from '../workers/pause.js';
import { describeMachines, describeStatus } from './describe-status.js';
import { addressOption, jsonOption, storeOption } from './options.js';
import { print } from './output.js';
import { progressDisplay } from './progress-bar.js';
import { stopRequest } from './stop-request.js';
import { withMonitors } from './study-monitor.js';
import { findStudy, NAME_ARGUMENT } from './study-name.js';
import type { ServerOptions } from './study-server.js';
import { obeysCommands } from './terminal.js';

const EVERY_MS = 500;

/** Where there is no terminal, a line at a time is enough to follow. */
const LINE_EVERY_MS = 5000;

/** `ufm-sweep watch NAME`: follows a study until it no longer runs. Stopping to watch does not stop the study. */
export function watchCommand(): Command {
  return new Command('watch')
    .description('follow a running study: points, rate, remaining time, workers and devices')
    .argument('<name>', NAME_ARGUMENT)
    .addOption(storeOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nWith --json, one document a line, until the study no longer runs.')
    .action(async (name: string, options: ServerOptions & { json: boolean }) => {
      const { store, reference } = await findStudy(options.store, name);
      const stop = stopRequest(() => undefined);
      const viewer = options.json
        ? jsonLines()
        : obeysCommands(process.stderr)
          ? progressBar()
          : lines();
      const last = await withMonitors(store, options.address, async (monitors) => {
        const monitor = monitors.following(reference);
        for (let seen = false; ; seen = true) {
          const { status } = await monitor.follow();
          // A server that has been there comes back: the study goes on when it does.
          const goesOn = isUnderWay(status) || (seen && isOutOfSight(status));
          if (!goesOn || stop.aborted) return status;
          viewer.show(status);
          await pause(EVERY_MS, stop);
        }
      }).finally(() => {
        viewer.stop();
      });
      print(options.json ? JSON.stringify(last) : describeStatus(last));
    });
}

interface Viewer {
  show(status: StudyStatus): void;
  stop(): void;
}

function progressBar(): Viewer {
  const display = progressDisplay();
  return {
    show(status) {
      if (status.progress !== null) {
        display.show(status.progress, status, describeMachines(status));
      }
    },
    stop: () => {
      display.stop();
    },
  };
}

function jsonLines(): Viewer {
  return {
    show(status) {
      print(JSON.stringify(status));
    },
    stop: () => undefined,
  };
}

function lines(): Viewer {
  let nextAt = 0;
  return {
    show(status) {
      if (Date.now() < nextAt) return;
      nextAt = Date.now() + LINE_EVERY_MS;
      print(describeStatus(status));
    },
    stop: () => undefined,
  };
}
